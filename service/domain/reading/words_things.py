"""Words that make a number a measure, a count, a label, an age or a group (clause 4 of answers.md).

What can be counted is open-ended: `counting` judges unknown words by their plural; here stand the words it
could not judge so (units, plurals without an ending) and the nouns that numbers label.
"""

from service.domain.reading.form import words

UNITS = words("""
    ton tonnen tonnes tonne uur uren u h min minuut minuten minuutje minuutjes minuutske sec seconde
    seconden dag dagen week weken maand maanden jaar jaren kwartier weekend weekends keer keren maal x ste
    euro euros eur cent centen ct frank kilo kg gram gr g ml cl dl liter l km m cm mm meter kilometer
    kilometers graden graad man stuk stuks paar pak persoon personen pers volwassenen kinderen mensen gasten
    vrouwen mannen zak zakken gb mb tb mo ko mbps gbps mbit gbit megabit gigabit giga mega_ megas gigas
    megabytes gigabytes kw kwh watt volt dozijn pallet heure heures minute minutes seconde secondes jour
    jours j semaine semaines sem mois an ans année années fois nuit nuits personne personnes enfants adultes
    gens hommes femmes kilos grammes litres litre mètres mètre kilomètres kms degrés degré euros balles
    pièce pièces paire paires tiers stunde stunden std uhr minute minuten tag tage tagen woche wochen monat
    monate monaten jahr jahre jahren mal nacht nächte nächten stück stücke leute leuten person personen
    kinder kindern mann frau frauen männer gäste grad paar pfund sekunde sekunden erwachsene erwachsenen
    hour hours hr hrs minute minutes mins second seconds secs day days week weeks wk wks month months mth
    mths year years yr yrs time times pound pounds quid p pence euros kilo kilos kg grams litre litres mile
    miles metre metres feet ft foot inch inches degrees people persons kids children adults men women guests
    nights night pints pint pair couple dozen oclock pm am star- staff euro's uurtjes uurtje daagjes weekjes
    maandjes jaartjes yo y/o sms smsen mails mailtjes sms'jes
""")
"""Units and things whose plural shows no sign; a number before them counts or measures."""

STARS = words("""
    ster sterren sterretjes sterrekes sterrenscore étoile étoiles star stars stern sterne sternen sternchen
""")
HEARTS = "❤♥♡💛💚💙💜🖤🤍🤎🧡💖💗💓💕💞💝💘💟❣🩷🩵🩶🫶"
STAR_SIGNS = "⭐★🌟"
CURRENCY = "€$£¥¢"
HOLLOW_STARS = "☆✩"

TAILS = words("""
    h u uur x e er ere re de ste st nd rd th eme ième ieme nde ter tes te d j w s m km cm mm kg g gr mg l cl
    ml dl g gb mb tb k ghz mhz min mins minuten minutes minuut sec hr hrs am pm uhr std ct eur euro euros c p
    jaar ans an jours dagen weken weeks days months years year yr yrs yo hours hour heures v kw kwh w t jarige
    jährige jähriger jaarse maal mal fois keer times day i morrow moro nite ever u2 me you us b life mrw
""")
"""Letters glued to digits that form a unit, an ordinal or a text-message word (clauses 2 and 4)."""

LABELS = words("""
    metro toren hok stal kooi hal schap doos polis contract paragraaf oefening etappe lader router modem
    zender bestelwagen deelfiets scooter boot ponton pashok pashokje bioscoopzaal balkon pomp magazijn
    tarief machine chantier portail métro échoppe chaise cellule cage tente entrepôt étagère bac police
    contrat paragraphe écluse forfait automate distributeur chargeur imprimante routeur canal coffre
    conteneur camionnette bateau balcon joueur baustelle theke flur stuhl turm flügel käfig zelt hütte kiste
    akte vertrag absatz spieler kandidat feld loch kreuz brücke schleuse modell typ maschine drucker tresor
    laster lieferwagen roller steg dusche toilette classroom tube chair tower warehouse rack crate policy
    bridge tariff lorry boat balcony shower loo series postbus huis badge toegangspas klas klaslokaal lokaal
    leerjaar reeks serie stand kraam standplaats kavel perceel wijk district kluisje kastje container silo
    tank tap wachtkamer operatiekamer behandelkamer spreekkamer vraag bundel categorie schijf scanner paal
    laadpaal laadpunt benzinepomp wissel brug sluis knooppunt uitrit oprit afslag ingang uitgang nooduitgang
    roltrap tribune zetel scherm podium staanplaats kampeerplek vleugel cel dek rijtuig coupé bonnetje
    volgnummer wachtnummer rugnummer pakje partij batch shift kandidaat speler couloir classe_ immeuble
    pavillon parcelle kiosque stalle consigne bassin toboggan gradin bloc entrée voiture pont vol écran
    scène escalator aile unité lit échangeur épisode série tome volume question exercice module dossard
    candidat tranche secteur quartier arrondissement ausweis schließfach postfach staffel folge schuljahr
    jahrgang becken rutsche automat säule zapfsäule ladesäule waggon abteil deck block bühne leinwand zelle
    bett parzelle grundstück bude umkleide spind startnummer losnummer frage aufgabe übung modul kurs
    mannschaft palette charge band ausgabe stufe ebene sektor bezirk spur anschlussstelle rastplatz year
    plot stall kiosk cubicle berth mailbox postbox exercise disc stage heat hole entrance shelf pool
    staircase corridor wing cell sector area squad crew candidate player parcel pallet category variant
    charger pobox checkout brf bbc itv rtl vtm vrt rtbf zdf ard cloud rekening compte konto account numéros
    nummers numbers nummern tür regal boîte werf toilet wc douche kolom veld terrain piste baan bahn slot
    formulier formulaire formular form lektion lesson leçon les_ groep groupe gruppe tent hut cabane huisje
    bungalow chalet gîte villa loods dok dock ligplaats pier pakket colis paket carton karton koffer valise
    kist caisson pijler pilier mast antenne toestel apparaat appareil gerät device server printer robot
    lampe camion vrachtwagen lkw truck van_ taxi wagen_ wagon locker kast armoire schrank casier ascenseur
    lift_ aufzug escalier trap_ treppe stairwell blad_ volet annexe bijlage anlage paragraf parcours circuit
    jury poule deelnemer team_ afspraak rendez_vous_ wachtrij file_ box borne ausfahrt einfahrt haltestelle
    aufgang abfahrt week season seizoen saison episode aflevering ronde round runde salle nr nr. nummer
    numero no number num n° # kassa lijn kamer zimmer flat quai perron spoor bus tram trein tafel deur gate
    loket balie toonbank verdieping verdiep etage niveau level zone zaal gang rij stoel plaats ticket order
    bestelling_ factuur dossier klantnummer klantnr bestelnummer ordernummer referentie ref code postcode
    pincode versie model type hoofdstuk optie bladzijde pagina blz pag vestiging afdeling terminal poort
    blok appartement app huisnummer straat artikel art stap fase werkplaats ploeg busje kluis vak parking
    garage afrit halte bed kabine cabine kotje caisse ligne chambre table guichet comptoir étage voie porte
    appt apt bureau siège rang rangée train facture commande_ modèle taille chapitre page option étape
    agence rue numéro magasin_ version pompe hall hangar colis_ lot salle_ poste emplacement article route
    autoroute sortie arrêt bâtiment bat kasse linie gleis bahnsteig tisch schalter tor stock stockwerk platz
    sitz reihe saal gebäude haus hausnummer wohnung raum rechnung auftrag bestellnummer kundennummer
    bestellung_ seite kapitel größe eingang ausgang halle abteilung filiale station zug abschnitt fach lager
    fahrstuhl till line room platform track counter desk floor lane aisle seat row bay pump booth unit house
    apartment building branch tier coach carriage car chapter size step item invoice case ward channel pitch
    window cabin grade_ phase exit junction studio suite theatre screen court iphone ipad galaxy pixel
    windows playstation ps xbox golf polo tesla clio audi bmw peugeot renault iso usb wifi bluetooth formule
    formula menu pack studio1 lift covid corona chanel factor caissière_ flight vlucht flug radio kanaal
    chaîne kanal regio région groupe_ groep_ loge vitrine automaat rayon rek plank vestiaire kantoor office
    filiaal pagina's lockers aankomsthal tunnel ring
""")
"""Nouns that a number after them names: `kassa 4`, `Zimmer 9`, `nr 4521`."""

PERSONS = words("""
    youngest oldest eldest jongste oudste benjamin aîné aînée cadet cadette jüngste jüngster älteste ältester
    nan nana gran granny grandma grandpa grandad ma pa mamie papy papi mémé pépé moeke vake bobonne tante
    nonkel oncle onkel aunt uncle zoon zoontje dochter dochtertje kind kindje kinderen kleinkind kleinkinderen
    kleinzoon kleindochter jongen jongetje meisje baby peuter kleuter tiener hond hondje kat poes broer
    broertje zus zusje neef neefje nichtje vrouw man moeder vader oma opa bompa bomma mama papa petekind
    ventje kleine kleintje kids zoons dochters tweeling gast puber vriendin vriend leeftijd fils fille
    fillette enfant enfants petit-fils garçon bébé ado gamin gamine gosse neveu nièce frère sœur chien chat
    mari femme mère père fiston petit petite filleul filleule jumeaux âgé âgée âge sohn tochter kind kinder
    enkel enkelin junge mädchen baby hund katze bruder schwester neffe nichte mutter vater frau mann oma opa
    kleiner kleine söhnchen töchterchen zwillinge sohnes tochter alter son daughter child children kid kids
    boy girl baby toddler grandson granddaughter nephew niece brother sister dog cat mum dad husband wife lad
    lass teenager twins grandkids grandchild mother father little_one aged age puppy
""")

PARTY_VERBS = words("étions était sommes waren were are zijn sind êtes étiez venus venues venu allés")
PARTY_NOUNS = words("""
    groep gezelschap gezin familie tafel reservatie reservering ploeg team kamer kot bubbel huishouden groupe
    famille table réservation équipe foyer commande tablée gruppe familie tisch reservierung haushalt
    gesellschaft runde group party family table booking reservation team household
""")

MONTHS = words("""
    januari februari maart april mei juni juli augustus september oktober november december jan feb mrt apr
    jun jul aug sep sept okt nov dec janvier février mars avril mai juin juillet août septembre octobre
    novembre décembre janv févr fév juil déc januar jänner februar märz april mai juni juli august september
    oktober november dezember dez january february march april may june july august september october november
    december
""")
WEEKDAYS = words("""
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag lundi mardi mercredi jeudi vendredi samedi
    dimanche montag dienstag mittwoch donnerstag freitag samstag sonntag monday tuesday wednesday thursday
    friday saturday sunday
""")
DATE_BEFORE = words("""
    le du op am vom on since sinds depuis seit dem den der datum date maandag dinsdag woensdag donderdag
    vrijdag zaterdag zondag lundi mardi mercredi jeudi vendredi samedi dimanche montag dienstag mittwoch
    donnerstag freitag samstag sonntag monday tuesday wednesday thursday friday saturday sunday
""")
HALF_BEFORE = words("""
    half halb halv half_past quarter_to quarter_past kwart_voor kwart_na kwart_over viertel_vor viertel_nach
    viertel tegen_half om_half um_halb
""")
PERCENT = words("procent percent prozent pourcent pour_cent per_cent pct pourcents percenten")
MONEY_BEFORE = words("""
    eur euro usd € $ £ kost kostte gekost kosten betaal betaald betaalde coûte coûté payé payer coûtait paye
    bezahlt kostet gekostet bezahle paid pay cost costs costing paying charged
""")

PLURAL_ODD = words("""
    äpfel rendez envois vis kabel löffel schlüssel möbel spiegel people men women children kids feet teeth
    mice staff police fish sheep series leute kunden mitarbeiter fahrer verkäufer zimmer teller fenster
    brötchen mädchen messer löffel koffer wagen artikel fehler euro anrufe versuche tage stühle plätze pakete
    besuche termine schritte gläser bücher räder reifen gabeln flaschen flasche kaffee bier pommes cola wasser
    eis stück schnitzel würstchen croissants taschen friet bier koffie pinten pint cola water croissants
    fietsen sms bières colis prix choix voix noix repas cas mois fils bras avis bus coffees teas pints
""")
SINGULAR_NOUNS = words("""
    service team personal bedienung essen preis qualität lieferung beratung laden ambiente atmosphäre stimmung
    freundlichkeit kundendienst kundenservice danke dank grüße gruß note punkte hilfe leistung respekt spitze
    klasse kompliment lob glückwunsch kasse küche dauer wartezeit geduld arbeit firma chef kollege kollegin
    herr frau mann auswahl verkäuferin daumen hut
""")
NOT_PLURAL = words("""
    tegen wegen binnen buiten samen meteen alleen iedereen tevreden ontevreden open eten kosten spijt les
    jamais bonus focus virus status busy boss press process express access success class less unless across
    miss kiss mess business loss reis huis prijs jus les glas gas ons prijs thuis service keuken zaken keuze
    bus stress success dans mais puis suis repas accès succès progrès procès cours parcours temps corps souris
    chaos hands hats thumbs seems looks feels works needs sounds tastes lives yours ours hers theirs news
    thanks cheers besides perhaps regards congrats loads always helpen werken wachten bellen leveren zoeken
    proberen terugbellen verwachten lachen betalen krijgen bestellen kopen geleverd binnenkomen vergeten
    verloren gekregen geweest gebleven gegeten geholpen verbeteren lezen weten houden staan
""")
