"""Words that speak of nothing one can count: a number beside them is not measured by them (clause 4).

Closed classes (articles, pronouns, prepositions, conjunctions, auxiliaries, adverbs), greetings and thanks,
and words of praise or blame, each per language, since they also tell which language a reply is in.
"""

from service.domain.reading.form import words

CLOSED = {
    "nl": words("""
        de het een 't 'n ne nen den dees deze dit dat die daar daarom daarmee daardoor hier hiermee er erg
        erbij ervan ervoor erop eruit ik ikke mij me mijn m'n jij je jou jouw jullie u uw gij ge hij zij ze
        wij we ons onze hem haar hun hen zich iedereen niemand iemand iets niets niks alles veel weinig meer
        minder meest minst wat wie waar waarom hoe wanneer welk welke en of maar want dus als omdat doordat
        zodat toen dan terwijl hoewel tenzij indien toch ook nog al reeds wel niet geen nooit altijd soms vaak
        steeds weer terug opnieuw nu straks later vandaag morgen gisteren net pas juist zo zo'n te in op aan
        bij van voor met zonder tegen tussen onder boven over na naar uit door om tot sinds per via tijdens
        binnen buiten rond langs is ben bent zijn was waren wordt worden werd werden geworden heb hebt heeft
        hebben had hadden gehad kan kunt kunnen kon konden zal zullen zou zouden mag mogen mocht moet moeten
        moest moesten wil willen wilde wou gaat gaan ging ga doe doet doen deed gedaan komt komen kwam kom
        blijf blijft blijven vind vindt vinden vond denk denkt dacht weet wist zeg zegt zeggen zei eigenlijk
        gewoon helaas jammer eerlijk echt heel zeer best vrij redelijk nogal enorm bijzonder eens even
        misschien zeker vast waarschijnlijk vooral alleen allemaal samen meteen direct snel anders ja jawel
        nee neen ah oh och ok oké okee okido allez allee amai bah bwa bwah tja goh pff seg zenne hé he hè hoor
        ze'n da da's wa ni nie ma mor ge't gelijk zoals volgens wegens ondanks dankzij qua sowieso graag
        liever eerder nergens ergens overal intussen ondertussen trouwens echter bovendien namelijk natuurlijk
        uiteraard absoluut zomaar rap efkes effe ff dikwijls telkens meestal hopelijk spijtig genoeg teveel
        verder bv bijv tgoh wrm idd mss wss vr nx wnt omda hebde zijde kunde hedde vanaf vandaar waarbij
        waarvan zelf zelfs elk elke ieder iedere sommige ander andere enkel slechts maal nochtans moi bon soit
        voila enfin dag daags komaan kom mits alvast ofwel hetzij toe toch zenne amaai
    """),
    "fr": words("""
        le la les l un une des du de d au aux à ce c cet cette ces ça cela ceci celui celle je j tu il elle
        on nous vous ils elles me m te t se s moi toi lui leur leurs eux y en mon ma mes ton ta tes son sa
        ses notre nos votre vos qui que qu quoi dont où comment pourquoi quand combien quel quelle quels
        quelles et ou mais donc or ni car si comme parce puisque lorsque pendant depuis pour par sur sous
        dans avec sans chez vers entre contre avant après dès jusque jusqu pas plus moins ne n jamais rien
        personne tout tous toute toutes très trop peu beaucoup assez bien mal mieux pire aussi encore déjà
        toujours souvent parfois ici là voilà voici suis es est sommes êtes sont été étais était étaient
        étions serai sera serait sois soit ai as a avons avez ont avais avait avaient aurai aurait aurais
        aviez eu vais va allons allez vont fait faites fais font faire faut peux peut pouvez peuvent
        pourrait pourriez dois doit devez devrait veux veut voulez sais sait savez vraiment franchement
        honnêtement simplement juste seulement surtout malheureusement heureusement dommage hélas peut-être
        sûrement certainement probablement presque plutôt quand-même même autant tellement tant oui non
        ouais ouaip nan si ben bah beh bof euh hein hé ah oh bon ok d'accord quoi enfin alors puis ensuite
        maintenant aujourd'hui demain hier bref sinon sauf malgré grâce selon voire quant car rapide_ment
        être peut tjs tjrs bcp pcq pq pr ds c'est t'es j'ai jai cest jsuis chuis voir dit dis dire trouve
        pense crois oufti non_peut-être sais-tu savez-vous fois là-bas absolument évidemment rapidement
        parfaitement totalement complètement désormais toutefois cependant pourtant afin lors hormis
        plusieurs quelques chaque aucun aucune autre autres tel telle ailleurs ceux celles part
    """),
    "de": words("""
        der die das den dem des ein eine einen einem einer eines ich du er sie es wir ihr mich mir dich dir
        ihn ihm uns euch ihnen sich mein meine meinen meiner dein deine sein seine unser unsere unserer euer
        eure eurer ihre ihren ihrem man jemand niemand etwas nichts alles alle viel viele wenig mehr weniger
        wer was wo warum wieso weshalb wie wann welche welcher welches und oder aber denn doch sondern weil
        dass wenn als ob damit obwohl während bis seit vor nach bei mit ohne gegen zwischen unter über auf
        an am im in ins zu zum zur von vom für um durch aus nicht kein keine keinen nie niemals immer oft
        manchmal wieder noch schon nur auch sehr ganz recht ziemlich eher fast etwa leider schade ehrlich
        wirklich echt einfach eigentlich vielleicht sicher bestimmt wahrscheinlich natürlich jetzt heute
        morgen gestern hier da dort dann danach so also mal halt eben ja nein nee doch joa na ah oh ach okay
        ok bin bist ist sind seid war waren wart wäre hätte habe hab hast hat haben hattet hatte hatten
        werde wird werden wurde wurden würde kann kannst können konnte könnte muss müssen musste soll sollte
        sollen will wollen wollte darf dürfen mag möchte gehe geht gehen ging mache macht machen gemacht
        komme kommt kommen kam finde findet fand denke sage sagt gesagt weiter sonst zwar jedoch trotzdem
        deshalb deswegen daher dafür davon dazu daran dabei außer wegen trotz laut gern gerne lieber selbst
        gar besonders vor_allem insgesamt überhaupt jedenfalls sowieso nix is nich ne nen isch net bissl
        bisschen bissle weiß zusammen allein nochmal immerhin hoffentlich endlich sofort bald kaum jeder
        jede jedes dieser diese dieses diesen diesem welchen irgendwie genau gewiss draus daraus dran drin
        drauf drum drüber drunter damit davor dahinter darüber darunter daneben darauf darin darum fürs ums
        ans ins aufs beim runter rauf entweder irgendwo voll total mega vorher nachher später früher bereits
        beide
    """),
    "en": words("""
        the a an this that these those i me my mine myself you your yours u ur he she it its they them their
        we us our who whom which what where when why how and or but so because cos cuz coz if as than then
        though although while since until before after for from to of off on in at by with without about
        into over under between through during against not no never nothing nobody none nowt anything
        something everything everyone someone all any some many much more most less least few both each
        every other another is am are was were be been being do does did done has have had having can could
        will would shall should may might must go goes going went gone get gets got make makes made come
        comes came keep keeps kept find found think thought say says said know knew yes yeah yep yup nah
        nope no oh ah well ok okay right just only really very quite pretty rather too also again still yet
        already always often sometimes ever once now today tomorrow yesterday soon later here there maybe
        perhaps probably definitely certainly sure surely honestly sadly unfortunately actually basically
        overall otherwise however anyway either tbh imo innit like even almost enough even up down out back
        away further same such own i'm i'd i'll i've it's that's there's you're we're they're they've don't
        doesn't didn't won't wouldn't can't couldn't isn't wasn't aren't im ive id ill its dont didnt cant
        wont thats etc per via mind lol tho thru bit lot lots whatever whenever wherever instead hopefully
        frankly obviously clearly simply absolutely totally truly especially mostly mainly nearly lately
        finally apart despite except due given plus minus upon within round across board ain't hmm erm er um
        meh ugh aye ta alright
    """),
}

COURTESY = {
    "nl": words("""
        dank dank_u dankjewel dankje dankuwel bedankt merci mercikes groet groeten groetjes hallo dag hoi hey
        goeiedag goedendag goedemorgen goeiemorgen goedenavond goeienavond goedemiddag aub alstublieft
        alsjeblieft alst sorry proficiat gefeliciteerd prettig prettige fijne doei salukes beste mvg succes xx
        xxx weekend avond groetje daaag ciao tot vriendelijke hartelijke lieve warme kusjes kus knuffel
    """),
    "fr": words("""
        merci bonjour bonsoir salut coucou svp stp please cordialement salutations bisous bises bisou bise
        désolé désolée pardon bravo félicitations félicitation journée soirée weekend bonne bon bàv madame
        monsieur mr mme messieurs mesdames continuez continuer courage cdlt cdt mci chapeau
    """),
    "de": words("""
        danke dankeschön bitte vielen dank merci hallo guten tag morgen abend moin servus tschüss tschüs gruß
        grüße gruesse lieber liebe liebes lg mfg vg freundliche freundlichen grüßen sorry entschuldigung
        schönen schönes wochenende weiter_so glückwunsch gratuliere bravo herzlichen
    """),
    "en": words("""
        thanks thank thankyou thx ty cheers hi hello hey hiya dear please pls plz sorry regards best kind love
        congrats bye weekend x xx xxx xxxx xd haha hahaha hihi hehe naja lol mdr ptdr ta mate mates guys lads
        folks morning evening good_morning well_done
    """),
}

PRAISE = {
    "nl": words("""
        goed goede goei goeie beter beste slecht slechte slechter super top toppie prima uitstekend
        uitstekende perfect perfecte fantastisch fantastische geweldig geweldige schitterend zalig tof toffe
        leuk leuke mooi mooie lekker lekkere vriendelijk vriendelijke vriendelijker behulpzaam behulpzame
        correct correcte vlot vlotte snelle trager traag trage lang duur dure proper vuil vies koud warm
        tevreden ontevreden blij content teleurgesteld teleurstellend matig zwak zwakke sterk sterke deftig
        degelijk degelijke verdiend terecht welverdiend dik dikke vet vette volle volledig klein kleine
        kleintje gezellig onbeleefd beleefd onvriendelijk rot rotslecht waardeloos ondermaats onaanvaardbaar
        schandalig kwaad boos belachelijk raar vreemd oké gemiddeld normaal goedkoop professioneel deskundig
        aangenaam aangename netjes hartelijk dikverdiend wauw wow klasse keigoed kei mega supergoed
        superlekker supervriendelijk topservice zekers ofzoiets griffel stip lof onderscheiding applaus
    """),
    "fr": words("""
        bons bonnes meilleur meilleure mauvais mauvaise excellent excellente parfait parfaite pointé pointés
        super génial géniale top formidable fantastique magnifique impeccable impec nickel sympa sympas
        sympathique agréable aimable gentil gentille gentils accueillant accueillante efficace lent lente cher
        chère propre sale froid froide chaud content contente contents satisfait satisfaite satisfaits déçu
        déçue déçus ravi ravie ravis mérité méritée médiocre moyen moyenne correct correcte passable nul nulle
        nuls décevant décevante catastrophique horrible honteux scandaleux affreux inadmissible beau belle
        gros grosse petit petite joli jolie grand grande délicieux délicieuse professionnel professionnelle
        heureux heureuse extra chouette cool fier fiable clair claire facile pro
    """),
    "de": words("""
        gut gute guter gutes guten besser beste besten bester schlecht schlechte schlechter super top toll
        tolle toller klasse prima perfekt perfekte ausgezeichnet hervorragend fantastisch wunderbar großartig
        nett nette netter freundlich freundliche freundlicher hilfsbereit kompetent zufrieden unzufrieden
        glücklich enttäuscht enttäuschend mäßig schwach schwache stark starke solide glatte glatter fette
        dicke runde volle verdient verdiente lecker fein feine schnell schneller langsam teuer billig sauber
        dreckig kalt warm unhöflich höflich unfreundlich furchtbar schrecklich katastrophal mies miese
        miserabel okay mittelmäßig mittelprächtig durchschnittlich unmöglich frech klar klare klarer schwer
        locker sauer bitter sauber sicher tadellos spitze genial pünktlich ordentlich schön schöne knappe lahm
        wow
    """),
    "en": words("""
        good better best great excellent brilliant fantastic amazing awesome lovely nice fab fabulous perfect
        superb super top wonderful decent solid fair average mediocre poor bad worse worst terrible awful
        dreadful horrible rubbish crap disgusting disappointing disappointed rude slow quick fast friendly
        polite helpful happy unhappy pleased satisfied dissatisfied chuffed gutted cold warm hot clean dirty
        tasty delicious expensive cheap professional efficient strong weak big fat full massive well-deserved
        deserved easy fine outstanding cracking spot-on smashing ace class wicked magic shocking appalling
        joke marvellous proper loved enjoyed yummy wow grand bloody fucking recommended impressed
    """),
}

LIGHT = {
    language: CLOSED[language] | COURTESY[language] | PRAISE[language]
    for language in ("nl", "fr", "de", "en")
}
ALL_CLOSED = frozenset().union(*CLOSED.values())
ALL_COURTESY = frozenset().union(*COURTESY.values())
ALL_PRAISE = frozenset().union(*PRAISE.values())
ALL_LIGHT = ALL_CLOSED | ALL_COURTESY | ALL_PRAISE

POLITE = ALL_CLOSED | ALL_COURTESY
