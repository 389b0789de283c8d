"""Italian."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from billing_dsl.languages._language import (
    NOT_HERE,
    SPACE,
    SWISS,
    Card,
    Comparison,
    Figures,
    Language,
    LetterWords,
    Notice,
    Origin,
    Phrases,
    Treatment,
    Treatments,
    Units,
    capital,
    joined,
    parts,
)
from billing_dsl.model.calendar import Term
from billing_dsl.model.countries import named

_MONTHS = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto"),
    *("settembre", "ottobre", "novembre", "dicembre"),
)
_BEFORE_VOWELS = {"il": "l’", "al": "all’", "dal": "dall’"}
_FIGURES = {"": Figures(".", ","), "CH": SWISS}
_BY_ENTRY = (
    "Le attività a ore o a intervento figurano in fattura intervento per intervento, alla tariffa "
    "del giorno in cui sono state svolte."
)


class Italian(Language):
    """Italian, that speaks of the client without addressing it."""

    code = "it"
    name = "Italian"
    figures = _FIGURES
    units = Units(
        minute=("minuto", "minuti"),
        hour=("ora", "ore"),
        day=("giorno", "giorni"),
        month=("mese", "mesi"),
        year=("anno", "anni"),
    )
    phrases = Phrases(
        colon=":",
        semicolon=";",
        document="Ambito del servizio",
        client="Cliente",
        provider="Fornitore",
        signatures="Firme",
        signature="Luogo, data, firma",
        agreement="Contratto",
        signed="Sottoscrizione",
        level="Livello di servizio",
        individual="Contratto individuale",
        applies="Riguarda",
        assigned=(
            "le attività assegnate a questo contratto; tutte le altre seguono il contratto "
            "principale"
        ),
        term="Durata",
        whole_term="l’intera durata",
        renewal="Rinnovo",
        no_renewal="Non concordato: il contratto termina con il suo ultimo giorno.",
        currency="Importi",
        glance="In sintesi",
        work="Attività",
        treated="Modalità di addebito",
        differs="Diverso per alcuni profili o alcune cause: si vedano i «Casi particolari».",
        differs_mark="*",
        not_yet="non ancora disponibile",
        scope="Cosa comprende il contratto",
        unchanged="Senza modifiche:",
        used_up="A pacchetto ore esaurito",
        only_where="solo nei «Casi particolari»",
        differences="Casi particolari",
        differences_lead=(
            "Di norma conta il tipo di attività; fanno eccezione i profili e le cause del ticket "
            "indicati qui."
        ),
        differences_free="Ciò che è senza addebito resta sempre tale.",
        who="Profilo o causa",
        which="Attività interessate",
        all_work="tutte le attività",
        rate="Tariffa",
        per_entry="a intervento, qualunque sia la durata",
        per_hour="all’ora",
        monthly="al mese",
        quarterly="al trimestre",
        semi_annual="al semestre",
        yearly="all’anno",
        not_stated="non indicato",
        services="Servizi e canoni",
        service="Servizio",
        first="Dal",
        last="Al",
        units="Quantità",
        unit_price="Prezzo unitario",
        total="Totale",
        blocks="Ore acquistate in anticipo",
        hours="Ore",
        retainers="Credito prepagato",
        tickets="Ticket acquistati in anticipo",
        ticket_count="Ticket",
        ticket_price="Prezzo per ticket",
        milestones="Rate del prezzo fisso",
        milestone="Rata",
        due="Scadenza",
        amount="Importo",
        setup="Attivazione",
        contract="Per",
        exceptions="Condizioni particolari",
        exception="Oggetto",
        days="Periodo",
        reason="Motivo",
        reading="Come leggere questo documento",
        rates_hold=(
            "Valgono le tariffe del giorno in cui si svolge l’attività. L’ultimo giorno di ogni "
            "periodo è compreso."
        ),
        bought_hours=(
            "Le ore acquistate coprono le attività dal primo all’ultimo giorno del loro periodo; "
            "se più pacchetti coprono lo stesso giorno, si usa per primo quello che inizia prima."
        ),
        dashes=(
            f"Dove una tabella delle tariffe riporta «{NOT_HERE}», l’attività svolta da quel "
            "profilo ha un’altra modalità di addebito: si vedano i «Casi particolari»."
        ),
    )
    letters = LetterWords(
        document="Modifiche al contratto",
        date="Data",
        salutation="Gentile cliente,",
        in_short="In breve",
        before="Finora",
        after="In seguito",
        effect="Che cosa comporta",
        less="copertura ridotta",
        more="copertura ampliata",
        otherwise="addebitato in altro modo",
        higher="in aumento",
        lower="in diminuzione",
        new="novità",
        ended="non più previsto",
        gone="non più disponibile",
        rates="Tariffe",
        overage="Tariffe a pacchetto ore esaurito",
        counting="Come si conta il tempo",
        debit="Un’ora di lavoro vale nel pacchetto",
        out_of_hours="La parte fuori orario",
        rounding="Arrotondamento del tempo",
        invoicing="Frequenza di fatturazione",
        each_month="ogni mese",
        each_quarter="ogni trimestre",
        each_half_year="ogni semestre",
        each_year="ogni anno",
        bundle="Cosa comprende un pacchetto di servizi",
        agreement="Condizioni del contratto",
        agreements="Contratti",
        why="Perché",
        unchanged="Tutte le altre attività, tariffe, prezzi e scadenze restano come concordato.",
        regards="Cordiali saluti",
    )
    comparison = Comparison(
        heading="Livelli di servizio a confronto",
        valid="Validità",
        price="Prezzo di listino",
        group="Gruppo",
        core="Attività correnti",
        edge="Attività che dipendono dal livello di servizio",
        baseline="Attività oltre il servizio corrente",
        rates="Quanto costa un’ora",
        coming="Cosa cambierà",
        before="Finora",
        after="In seguito",
        meant="Cosa comprendono le attività",
    )
    card = Card(
        heading="Quale tipo di lavoro?",
        lead="Il tipo di lavoro si sceglie in base a ciò che si è fatto, chiunque sia il cliente.",
        work_type="Tipo di lavoro",
        meaning="Che cosa si è fatto",
        pairs="In orario e fuori orario",
        pairs_lead=(
            "Indicare ora di inizio e di fine: la parte di una registrazione fuori orario passa "
            "così al tipo di lavoro a destra."
        ),
        inside="In orario",
        outside="Fuori orario",
        causes="Cause da indicare nel ticket",
        causes_lead=(
            "Se un ticket riguarda una di queste cause, sceglierne il problema e il sottoproblema."
        ),
        issue="Problema",
        sub_issue="Sottoproblema",
    )
    treatments = Treatments(
        included=Treatment(
            heading="Compreso nel canone",
            lead="Le ore dedicate a queste attività sono coperte dal canone periodico.",
            mark="nel canone",
            state="nel canone",
            otherwise="rientra nel canone",
            invoice=(
                "Le attività comprese nel canone non hanno un importo proprio in fattura: vi "
                "figura il canone."
            ),
        ),
        fixed=Treatment(
            heading="Compreso nel prezzo fisso",
            lead="Le ore dedicate a queste attività sono coperte dal prezzo fisso.",
            mark="prezzo fisso",
            state="nel prezzo fisso",
            otherwise="rientra nel prezzo fisso",
            invoice=(
                "Le attività comprese nel prezzo fisso non hanno un importo proprio in fattura: "
                "vi figura il prezzo, nelle rate concordate."
            ),
        ),
        block=Treatment(
            heading="A scalare dal pacchetto ore",
            lead=(
                "Le ore dedicate a queste attività si scalano dalle ore acquistate in anticipo. "
                "Una volta esaurite, e nei giorni per i quali non ne sono state acquistate, queste "
                "attività si fatturano alla tariffa delle ore eccedenti."
            ),
            mark="dal pacchetto ore",
            state="a scalare dal pacchetto ore",
            otherwise="si scala dal pacchetto ore",
            invoice=(
                "Le ore scalate dal pacchetto non hanno un importo in fattura: sono state "
                "addebitate con l’acquisto del pacchetto. Le ore eccedenti vi figurano intervento "
                "per intervento, alla loro tariffa."
            ),
        ),
        retainer=Treatment(
            heading="A scalare dal credito prepagato",
            lead=(
                "Queste attività si fatturano alle tariffe indicate sotto e si pagano con il "
                "credito prepagato."
            ),
            mark="dal credito",
            state="a scalare dal credito prepagato",
            otherwise="si scala dal credito prepagato",
            invoice=(
                "Le attività scalate dal credito prepagato non si addebitano una seconda volta in "
                "fattura: il loro importo si detrae da quanto pagato in anticipo."
            ),
        ),
        ticket=Treatment(
            heading="A ticket",
            lead="Ogni ticket completato consuma uno dei ticket acquistati in anticipo.",
            mark="a ticket",
            state="a ticket",
            otherwise="si paga a ticket",
            invoice=(
                "Le attività a ticket non hanno un importo proprio in fattura: i ticket si "
                "addebitano quando si acquistano."
            ),
        ),
        hourly=Treatment(
            heading="Fatturazione a ore",
            lead="Le ore dedicate a queste attività si fatturano alle tariffe indicate sotto.",
            mark="a ore",
            state="fatturazione a ore",
            otherwise="si fattura a ore",
            invoice=_BY_ENTRY,
        ),
        entry=Treatment(
            heading="Fatturazione a intervento",
            lead=(
                "Ogni intervento si fattura alla tariffa indicata sotto, qualunque sia la durata."
            ),
            mark="a intervento",
            state="fatturazione a intervento",
            otherwise="si fattura a intervento",
            invoice=_BY_ENTRY,
        ),
        mixed=Treatment(
            heading="Fatturazione a ore o a intervento",
            lead=(
                "Queste attività si fatturano alle tariffe indicate sotto: a ore oppure, dove "
                "indicato, a intervento."
            ),
            mark="a ore o a intervento",
            state="fatturazione a ore o a intervento",
            otherwise="si fattura a ore o a intervento",
            invoice=_BY_ENTRY,
        ),
        outside=Treatment(
            heading="Fuori contratto",
            lead=(
                "Questo contratto non copre queste attività. Se vengono comunque richieste, si "
                "fatturano alle nostre tariffe ordinarie."
            ),
            mark="tariffa ordinaria",
            state="fuori contratto, alle nostre tariffe ordinarie",
            otherwise="resta fuori contratto",
            invoice=(
                "Le attività fuori contratto figurano in fattura intervento per intervento, alle "
                "nostre tariffe ordinarie."
            ),
        ),
        free=Treatment(
            heading="Senza addebito",
            lead=(
                "Per queste attività non si addebita nulla, chiunque le svolga e qualunque ne sia "
                "la causa."
            ),
            mark="senza addebito",
            state="senza addebito",
            otherwise="resta senza addebito",
            invoice="Le attività senza addebito non hanno un importo in fattura.",
        ),
    )

    @property
    def countries(self) -> Mapping[str, str]:
        return _COUNTRIES

    # --- days --------------------------------------------------------------------------------

    def _day(self, of: date) -> str:
        number = "1°" if of.day == 1 else str(of.day)
        return f"{number}{SPACE}{_MONTHS[of.month - 1]} {of.year}"

    def _on(self, preposition: str, of: date) -> str:
        """A day after a preposition, which is another before `otto` and `undici`."""
        if of.day in (8, 11):
            return f"{_BEFORE_VOWELS[preposition]}{self.day(of)}"
        return f"{preposition} {self.day(of)}"

    def days(self, first: date, last: date) -> str:
        return f"{self._on('dal', first)} {self._on('al', last)}"

    def since(self, first: date) -> str:
        return self._on("dal", first)

    def until(self, last: date) -> str:
        return f"fino {self._on('al', last)}"

    # --- names -------------------------------------------------------------------------------

    def listed(self, names: Sequence[str]) -> str:
        return joined(names, "e")

    def _quoted(self, names: Sequence[str]) -> str:
        return self.listed([f"«{name}»" for name in names])

    # --- the agreement -----------------------------------------------------------------------

    def for_client(self, service_level: str, client: str) -> str:
        return f"{service_level} per {client}"

    def client_number(self, number: str) -> str:
        return f"Codice cliente {number}"

    def tax_number(self, number: str) -> str:
        return f"{'N. IVA' if self.country == 'CH' else 'Partita IVA'} {number}"

    def numbered(self, title: str, number: str) -> str:
        return f"{title}, n.{SPACE}{number}"

    def signed(self, on: date | None, reference: str) -> str:
        if on is None:
            return f"riferimento {reference}"
        return f"{self.day(on)}, riferimento {reference}" if reference else self.day(on)

    def level(self, title: str, version: int) -> str:
        return f"{title}, versione {version}"

    def level_since(self, level: str, first: date) -> str:
        return f"{level} ({self.since(first)})"

    def renewal(self, automatic: bool, extend_by: Term | None, notice: Notice | None) -> str:
        length = self.length(extend_by) if extend_by is not None else ""
        by = f" per {length}" if length else ""
        of = f" di {length}" if length else ""
        if notice is not None:
            ahead = f"almeno {self.length(notice.ahead)} prima della scadenza"
            by_when = f"{ahead}, cioè entro {self._on('il', notice.latest)}"
            if automatic:
                return f"Si rinnova{by}, salvo disdetta comunicata {by_when}."
            further = f"L’eventuale proroga{of} si concorda {by_when}."
            return f"Non si rinnova automaticamente. {further}"
        if automatic:
            return f"Si rinnova{by}, salvo disdetta."
        return f"Non si rinnova automaticamente{'; può essere prorogato' + of if of else ''}."

    def in_currency(self, currency: str) -> str:
        return f"in {currency}"

    # --- the scope ---------------------------------------------------------------------------

    def period(self, days: str, level: str) -> str:
        return f"{capital(days)}: {level}"

    def of_agreement(self, what: str, label: str) -> str:
        return f"{what} (contratto {label})"

    def of_client(self, label: str, client: str) -> str:
        return f"{label}, sottoscritto da {client}"

    def after_hours(self, title: str, mark: str) -> str:
        return f"fuori orario: {title}, {mark}"

    def at_least(self, minimum: Decimal | None, maximum: Decimal | None) -> str:
        if minimum is not None and maximum is not None:
            least, most = self.hours(minimum), self.hours(maximum)
            return f"almeno {least} e al massimo {most} per intervento"
        if minimum is not None:
            return f"almeno {self.hours(minimum)} per intervento"
        return f"al massimo {self.hours(maximum)} per intervento" if maximum is not None else ""

    def rates(self, currency: str, per_entry: bool) -> str:
        each = "a intervento, qualunque sia la durata" if per_entry else "all’ora"
        return f"Tariffe in {currency} {each}"

    def overage_rates(self, currency: str) -> str:
        return f"Tariffe delle ore eccedenti in {currency} all’ora"

    def plus(self, more: Decimal, currency: str) -> str:
        word = "meno" if more < 0 else "più"
        return f"{self.money(abs(more), currency)} in {word} rispetto alla tariffa consueta"

    def times(self, factor: Decimal) -> str:
        return f"{self.number(factor)}{SPACE}volte la tariffa consueta"

    def factor(self, role: str, hours: Decimal) -> str:
        return f"{role}: un’ora di lavoro vale {self.hours(hours)} del pacchetto."

    def no_block(self, level: str, ends: Sequence[tuple[Sequence[str], str]]) -> str:
        rest = "; ".join(
            f"{self.listed(titles)} – {self.treatments.of(kind).state}" for titles, kind in ends
        )
        return (
            f"{level} prevede un pacchetto ore. Questo contratto non ne comprende, perciò le "
            f"attività che ne verrebbero scalate hanno un’altra modalità di addebito: {rest}."
        )

    # --- what makes a difference -------------------------------------------------------------

    def by_whom(
        self, roles: Sequence[str], but: Sequence[str], without_causes: Sequence[str]
    ) -> str:
        whose = self._work_by("Attività", roles, but)
        if not without_causes:
            return whose
        return f"{whose}, tranne i ticket relativi a {self._quoted(without_causes)}"

    def about_what(self, causes: Sequence[str], roles: Sequence[str], but: Sequence[str]) -> str:
        about = f"Ticket relativi a {self._quoted(causes)}"
        return f"{about}, per {self._work_by('attività', roles, but)}" if roles or but else about

    def _work_by(self, work: str, roles: Sequence[str], but: Sequence[str]) -> str:
        if but:
            return f"{work} di tutti i profili tranne {self.listed(but)}"
        if not roles:
            return work
        return f"{work} {'del profilo' if len(roles) == 1 else 'dei profili'} {self.listed(roles)}"

    def otherwise(self, kinds: Sequence[str]) -> str:
        clauses = [self.treatments.of(kind).otherwise for kind in kinds]
        return f"ciò che di norma {' o '.join(clauses)}"

    # --- what was agreed specially -----------------------------------------------------------

    def special(self, what: str, work: Sequence[str], state: str) -> str:
        which = f" ({self.listed(work)})" if work else ""
        return f"{what}{which}: {state}"

    # --- how to read it ----------------------------------------------------------------------

    def look_up(self, differs: bool) -> str:
        also = (
            " Se è contrassegnato da un asterisco, verificare anche chi svolge l’attività e la "
            "causa del ticket."
        )
        return f"Cercare il tipo di attività nella tabella iniziale.{also if differs else ''}"

    def rounded(self, minutes: Decimal) -> str:
        to = "al minuto intero" if minutes == 1 else f"a multipli di {self.minutes(minutes)}"
        return (
            f"La durata di ogni intervento registrato è arrotondata per eccesso {to} prima di "
            "essere conteggiata."
        )

    def holds_until(self, last: date) -> str:
        return (
            f"Questo documento descrive il contratto {self.until(last)}. Per un rinnovo si "
            "redige un nuovo documento."
        )

    def stamp(self, origin: Origin) -> str:
        return parts(
            f"Contratto {origin.agreement}, versione {origin.version}",
            f"livello {', '.join(origin.tiers)}" if origin.tiers else "",
            f"in vigore {self.since(origin.effective)}",
            f"contenuto {origin.digest}",
            f"redatto con billing_dsl {origin.tool_version}",
        )

    # --- letters about what changes ----------------------------------------------------------

    def then(self, first: date, last: date | None) -> str:
        return capital(self.since(first) if last is None else self.days(first, last))

    def letter_about(self, client: str) -> str:
        return f"Che cosa cambia per {client}"

    def letter_opening(self, provider: str) -> str:
        return (
            f"con questa lettera {provider} comunica che cosa cambia in quanto concordato e da "
            "quando. Ogni tabella mette a confronto ciò che vale finora e ciò che varrà in seguito."
        )

    def covers_less(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)} la copertura si riduce: {work}."

    def covers_more(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)} la copertura si amplia: {work}."

    def covers_otherwise(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)} cambia la modalità di addebito: {work}."

    def costs_more(self, first: date, last: date | None, what: str) -> str:
        return f"{self.then(first, last)} questi prezzi aumentano: {what}."

    def costs_less(self, first: date, last: date | None, what: str) -> str:
        return f"{self.then(first, last)} questi prezzi diminuiscono: {what}."

    def no_cover(self, first: date, last: date | None) -> str:
        return f"{self.then(first, last)} nessun contratto copre le attività richieste."

    def new_agreement(self, label: str, first: date, last: date) -> str:
        return f"{label}: questo contratto è nuovo ed è in vigore {self.days(first, last)}."

    def no_agreement(self, label: str) -> str:
        return f"{label}: questo contratto non è più in vigore."

    def of_work(self, what: str, who: str) -> str:
        return f"{what} ({who})"

    def assigned(self, contract: str) -> str:
        return f"per i ticket assegnati a {contract}"

    def questions(self, contact: Sequence[str]) -> str:
        if not contact:
            return "Per qualsiasi domanda siamo a disposizione."
        return (
            "Per qualsiasi domanda siamo a disposizione. È possibile contattarci così: "
            f"{', '.join(contact)}."
        )

    def letter_stamp(self, before: str, after: str, digest: str, tool_version: str) -> str:
        return parts(
            f"catalogo precedente {before}",
            f"catalogo nuovo {after}",
            f"contenuto {digest}",
            f"redatto con billing_dsl {tool_version}",
        )

    # --- what all clients share --------------------------------------------------------------

    def beyond(self, price: str) -> str:
        return f"poi {price}"

    def compared(self, tiers: Sequence[str], digest: str, tool_version: str) -> str:
        return parts(
            f"Livelli di servizio {', '.join(tiers)}",
            self.printed(digest),
            f"redatto con billing_dsl {tool_version}",
        )

    def printed(self, digest: str) -> str:
        return f"contenuto {digest}"


_COUNTRIES = named(
    """
AD Andorra|AE Emirati Arabi Uniti|AF Afghanistan|AG Antigua e Barbuda|AI Anguilla|AL Albania
AM Armenia|AO Angola|AQ Antartide|AR Argentina|AS Samoa Americane|AT Austria|AU Australia|AW Aruba
AX Isole Åland|AZ Azerbaigian|BA Bosnia ed Erzegovina|BB Barbados|BD Bangladesh|BE Belgio
BF Burkina Faso|BG Bulgaria|BH Bahrein|BI Burundi|BJ Benin|BL Saint-Barthélemy|BM Bermuda|BN Brunei
BO Bolivia|BQ Caraibi olandesi|BR Brasile|BS Bahamas|BT Bhutan|BV Isola Bouvet|BW Botswana
BY Bielorussia|BZ Belize|CA Canada|CC Isole Cocos (Keeling)|CD Repubblica Democratica del Congo
CF Repubblica Centrafricana|CG Repubblica del Congo|CH Svizzera|CI Costa d’Avorio|CK Isole Cook
CL Cile|CM Camerun|CN Cina|CO Colombia|CR Costa Rica|CU Cuba|CV Capo Verde|CW Curaçao
CX Isola Christmas|CY Cipro|CZ Cechia|DE Germania|DJ Gibuti|DK Danimarca|DM Dominica
DO Repubblica Dominicana|DZ Algeria|EC Ecuador|EE Estonia|EG Egitto|EH Sahara occidentale|ER Eritrea
ES Spagna|ET Etiopia|FI Finlandia|FJ Figi|FK Isole Falkland|FM Micronesia|FO Isole Fær Øer
FR Francia|GA Gabon|GB Regno Unito|GD Grenada|GE Georgia|GF Guyana francese|GG Guernsey|GH Ghana
GI Gibilterra|GL Groenlandia|GM Gambia|GN Guinea|GP Guadalupa|GQ Guinea Equatoriale|GR Grecia
GS Georgia del Sud e Sandwich Australi|GT Guatemala|GU Guam|GW Guinea-Bissau|GY Guyana|HK Hong Kong
HM Isole Heard e McDonald|HN Honduras|HR Croazia|HT Haiti|HU Ungheria|ID Indonesia|IE Irlanda
IL Israele|IM Isola di Man|IN India|IO Territorio britannico dell’Oceano Indiano|IQ Iraq|IR Iran
IS Islanda|IT Italia|JE Jersey|JM Giamaica|JO Giordania|JP Giappone|KE Kenya|KG Kirghizistan
KH Cambogia|KI Kiribati|KM Comore|KN Saint Kitts e Nevis|KP Corea del Nord|KR Corea del Sud
KW Kuwait|KY Isole Cayman|KZ Kazakistan|LA Laos|LB Libano|LC Saint Lucia|LI Liechtenstein
LK Sri Lanka|LR Liberia|LS Lesotho|LT Lituania|LU Lussemburgo|LV Lettonia|LY Libia|MA Marocco
MC Monaco|MD Moldavia|ME Montenegro|MF Saint-Martin|MG Madagascar|MH Isole Marshall
MK Macedonia del Nord|ML Mali|MM Myanmar|MN Mongolia|MO Macao|MP Isole Marianne Settentrionali
MQ Martinica|MR Mauritania|MS Montserrat|MT Malta|MU Mauritius|MV Maldive|MW Malawi|MX Messico
MY Malaysia|MZ Mozambico|NA Namibia|NC Nuova Caledonia|NE Niger|NF Isola Norfolk|NG Nigeria
NI Nicaragua|NL Paesi Bassi|NO Norvegia|NP Nepal|NR Nauru|NU Niue|NZ Nuova Zelanda|OM Oman|PA Panama
PE Perù|PF Polinesia francese|PG Papua Nuova Guinea|PH Filippine|PK Pakistan|PL Polonia
PM Saint-Pierre e Miquelon|PN Isole Pitcairn|PR Porto Rico|PS Palestina|PT Portogallo|PW Palau
PY Paraguay|QA Qatar|RE Riunione|RO Romania|RS Serbia|RU Russia|RW Ruanda|SA Arabia Saudita
SB Isole Salomone|SC Seychelles|SD Sudan|SE Svezia|SG Singapore
SH Sant’Elena, Ascensione e Tristan da Cunha|SI Slovenia|SJ Svalbard e Jan Mayen|SK Slovacchia
SL Sierra Leone|SM San Marino|SN Senegal|SO Somalia|SR Suriname|SS Sud Sudan|ST São Tomé e Príncipe
SV El Salvador|SX Sint Maarten|SY Siria|SZ Eswatini|TC Isole Turks e Caicos|TD Ciad
TF Terre australi francesi|TG Togo|TH Thailandia|TJ Tagikistan|TK Tokelau|TL Timor Est
TM Turkmenistan|TN Tunisia|TO Tonga|TR Turchia|TT Trinidad e Tobago|TV Tuvalu|TW Taiwan|TZ Tanzania
UA Ucraina|UG Uganda|UM Isole minori esterne degli Stati Uniti|US Stati Uniti|UY Uruguay
UZ Uzbekistan|VA Città del Vaticano|VC Saint Vincent e Grenadine|VE Venezuela
VG Isole Vergini Britanniche|VI Isole Vergini Americane|VN Vietnam|VU Vanuatu|WF Wallis e Futuna
WS Samoa|YE Yemen|YT Mayotte|ZA Sudafrica|ZM Zambia|ZW Zimbabwe
"""
)

ITALIAN = Italian()
