from __future__ import annotations

import pytest

from simulator.wire.smpp.layout import LAYOUTS, OPTIONAL, SIZES, Kind, Tag
from simulator.wire.smpp.pdu import ANSWER, ANSWERS, Command
from simulator.wire.smpp.status import Status

WRITTEN = {
    Command.BIND_TRANSCEIVER: "system_id 16, password 9, system_type 13, interface_version 1, addr_ton 1, "
    "addr_npi 1, address_range 41",
    Command.BIND_TRANSCEIVER_RESP: "system_id 16",
    Command.OUTBIND: "system_id 16, password 9",
    Command.SUBMIT_SM: "service_type 6, source_addr_ton 1, source_addr_npi 1, source_addr 21, "
    "dest_addr_ton 1, dest_addr_npi 1, destination_addr 21, esm_class 1, protocol_id 1, priority_flag 1, "
    "schedule_delivery_time 17, validity_period 17, registered_delivery 1, replace_if_present_flag 1, "
    "data_coding 1, sm_default_msg_id 1, short_message 254",
    Command.SUBMIT_MULTI: "service_type 6, source_addr_ton 1, source_addr_npi 1, source_addr 21, "
    "dest_address 254, esm_class 1, protocol_id 1, priority_flag 1, schedule_delivery_time 17, "
    "validity_period 17, registered_delivery 1, replace_if_present_flag 1, data_coding 1, "
    "sm_default_msg_id 1, short_message 254",
    Command.SUBMIT_MULTI_RESP: "message_id 65, unsuccess_sme 255",
    Command.DATA_SM: "service_type 6, source_addr_ton 1, source_addr_npi 1, source_addr 65, dest_addr_ton 1, "
    "dest_addr_npi 1, destination_addr 65, esm_class 1, registered_delivery 1, data_coding 1",
    Command.DELIVER_SM_RESP: "message_id 65",
    Command.QUERY_SM: "message_id 65, source_addr_ton 1, source_addr_npi 1, source_addr 21",
    Command.QUERY_SM_RESP: "message_id 65, final_date 17, message_state 1, error_code 1",
    Command.CANCEL_SM: "service_type 6, message_id 65, source_addr_ton 1, source_addr_npi 1, source_addr 21, "
    "dest_addr_ton 1, dest_addr_npi 1, destination_addr 21",
    Command.REPLACE_SM: "message_id 65, source_addr_ton 1, source_addr_npi 1, source_addr 21, "
    "schedule_delivery_time 17, validity_period 17, registered_delivery 1, sm_default_msg_id 1, "
    "short_message 254",
    Command.ALERT_NOTIFICATION: "source_addr_ton 1, source_addr_npi 1, source_addr 65, esme_addr_ton 1, "
    "esme_addr_npi 1, esme_addr 65",
    Command.ENQUIRE_LINK: "",
    Command.UNBIND: "",
    Command.GENERIC_NACK: "",
}
"""The tables of §4, typed in a second time."""


@pytest.mark.parametrize("command", WRITTEN, ids=lambda command: command.name)
def test_a_layout_is_the_standards(command):
    found = ", ".join(f"{each.name} {each.size}" for each in LAYOUTS[command])
    assert WRITTEN[command] == found


def test_every_command_has_a_layout():
    assert set(Command) == set(LAYOUTS)


def test_the_three_binds_and_their_answers_are_laid_out_alike():
    for suffix in ("", "_RESP"):
        kinds = [
            LAYOUTS[Command[f"BIND_{each}{suffix}"]] for each in ("TRANSMITTER", "RECEIVER", "TRANSCEIVER")
        ]
        assert kinds[0] == kinds[1] == kinds[2]


def test_deliver_sm_is_laid_out_like_submit_sm():
    assert LAYOUTS[Command.SUBMIT_SM] == LAYOUTS[Command.DELIVER_SM]


def test_every_request_but_outbind_and_alert_has_the_answer_with_the_top_bit():
    requests = {each for each in Command if not each & ANSWER}
    assert requests - {Command.OUTBIND, Command.ALERT_NOTIFICATION} == set(ANSWERS)
    assert all(ANSWERS[each] == each | ANSWER for each in ANSWERS)


def test_the_standard_has_44_optional_parameters_and_we_one():
    assert len(Tag) == 45
    assert {int(each) for each in Tag} == set(SIZES)


def test_sizes_of_optional_parameters_make_sense():
    assert all(0 <= fewest <= most <= 0xFFFF for fewest, most in SIZES.values())


def test_strings_say_what_is_wrong_with_them():
    told = {each.name: each.status for each in LAYOUTS[Command.SUBMIT_SM] if each.kind is not Kind.INTEGER}
    assert told == {
        "service_type": Status.RINVSERTYP,
        "source_addr": Status.RINVSRCADR,
        "destination_addr": Status.RINVDSTADR,
        "schedule_delivery_time": Status.RINVSCHED,
        "validity_period": Status.RINVEXPIRY,
        "short_message": Status.RINVMSGLEN,
    }


def test_what_has_optional_parameters_in_3_4_is_known():
    assert Command.SUBMIT_SM in OPTIONAL
    assert Command.QUERY_SM not in OPTIONAL


OCTETS = {
    "1": "0005 0006 0007 000D 000E 000F 0010 0019 0030 0201 0205 020D 020E 020F 0210 0302 0304 0420 0421 "
    "0422 0425 0426 0427 0501 1201 1380",
    "2": "0008 0204 020A 020B 020C 1203 1383",
    "3": "0423",
    "4": "0017",
    "0-1": "130C",
    "0-65": "0303",
    "0-65535": "0424",
    "1-4": "1204",
    "1-64": "1501",
    "1-65": "001E",
    "1-256": "001D",
    "2-23": "0202 0203",
    "4-19": "0381",
}
"""§5.3.2, typed in a second time."""


def test_sizes_of_optional_parameters_are_the_standards():
    expected = {}
    for sizes, tags in OCTETS.items():
        fewest, _, most = sizes.partition("-")
        expected |= {int(tag, 16): (int(fewest), int(most or fewest)) for tag in tags.split()}
    assert {int(tag): sizes for tag, sizes in SIZES.items()} == expected
