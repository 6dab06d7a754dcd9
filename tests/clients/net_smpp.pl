# Net::SMPP (Debian: libnet-smpp-perl) as a client that is told what to do by lines of JSON.
use strict;
use warnings;
use IO::Select;
use JSON::PP;
use Net::SMPP;

$| = 1;
my $port = shift;
my $json = JSON::PP->new->canonical;
my ($smpp, %answers);
my %packed = (sar_msg_ref_num => 'n', sar_total_segments => 'C', sar_segment_seqnum => 'C');

sub say_line { print $json->encode({@_}), "\n" }

sub fields {
    my ($given) = @_;
    my %fields = map { $_ => ref $given->{$_} eq 'HASH' ? pack('H*', $given->{$_}{hex}) : $given->{$_} } keys %$given;
    $fields{$_} = pack($packed{$_}, $fields{$_}) for grep { exists $fields{$_} } keys %packed;
    return %fields;
}

sub letter {
    my ($pdu) = @_;
    my %sar = map { $_ => unpack($packed{$_}, $pdu->{$_} // '') } keys %packed;
    my $text = length $pdu->{short_message} ? $pdu->{short_message} : $pdu->{message_payload} // '';
    my $id = $pdu->{receipted_message_id} // '';
    $id =~ s/\0.*//s;
    say_line(letter => {
        esm_class => $pdu->{esm_class}, data_coding => $pdu->{data_coding}, text => unpack('H*', $text),
        source => $pdu->{source_addr}, destination => $pdu->{destination_addr}, receipted_id => $id,
        state => ord($pdu->{message_state} // "\0"),
        sar => defined $sar{sar_msg_ref_num} ? [@sar{qw(sar_msg_ref_num sar_total_segments sar_segment_seqnum)}] : undef,
    });
    $smpp->deliver_sm_resp(message_id => '', seq => $pdu->{seq});
}

sub heard {
    my $pdu = $smpp->read_pdu() or die "the centre is gone: $smpp->{smpperror}";
    if ($pdu->{cmd} == Net::SMPP::CMD_deliver_sm) { letter($pdu) }
    elsif ($pdu->{cmd} == Net::SMPP::CMD_enquire_link) { $smpp->enquire_link_resp(seq => $pdu->{seq}) }
    else { $answers{$pdu->{seq}} = $pdu }
}

sub answer_to {
    my ($seq) = @_;
    heard() until exists $answers{$seq};
    return delete $answers{$seq};
}

my %do = (
    bind => sub {
        my ($order) = @_;
        my $kind = "new_$order->{way}";
        my ($made, $told) = Net::SMPP->$kind('127.0.0.1', port => $port, system_id => $order->{account},
            password => $order->{password}, smpp_version => 0x34);
        $smpp = $made;
        return (status => $told->{status});
    },
    ask => sub {
        my ($order) = @_;
        my $command = $order->{command};
        my $told = answer_to($smpp->$command(fields($order->{fields}), async => 1));
        return (status => $told->{status}, id => $told->{message_id} // '',
            state => $told->{message_state} // 0, refused => $told->{num_unsuccess} // 0);
    },
    forget => sub { return (status => 0) },
    unbind => sub { return (status => answer_to($smpp->unbind(async => 1))->{status}) },
);

while (1) {
    my $both = IO::Select->new(\*STDIN, $smpp && $smpp->connected ? $smpp : ());
    for my $ready ($both->can_read) {
        if ($smpp && $ready == $smpp) { heard(); next }
        my $line = <STDIN>;
        exit 0 unless defined $line;
        my $order = $json->decode($line);
        my %told = $do{$order->{do}}->($order);
        ($smpp, %answers) = () if $order->{do} =~ /unbind|forget/ || $order->{do} eq 'bind' && $told{status};
        say_line(answer => $order->{number}, %told);
    }
}
