"""German."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August"),
    *("September", "Oktober", "November", "Dezember"),
)
_FIGURES = {
    "": Figures(".", ","),
    "AT": Figures(".", ",", currency_first=True),
    "CH": SWISS,
    "IT": Figures(".", ","),
    "LI": SWISS,
}

_LETTERS = LetterWords(
    document="Änderungen am Vertrag",
    date="Datum",
    salutation="Sehr geehrte Damen und Herren,",
    in_short="Kurz gefasst",
    before="Bisher",
    after="Künftig",
    effect="Was das bedeutet",
    less="Umfang verringert",
    more="Umfang erweitert",
    otherwise="anders abgerechnet",
    higher="höher",
    lower="niedriger",
    new="neu",
    ended="entfällt",
    gone="nicht mehr angeboten",
    rates="Stundensätze und Preise",
    overage="Sätze für Mehrstunden, sobald das Kontingent verbraucht ist",
    counting="Wie Zeit gezählt wird",
    debit="Eine Arbeitsstunde zählt im Kontingent als",
    out_of_hours="Der Teil außerhalb der Geschäftszeiten",
    rounding="Rundung der Zeit",
    invoicing="Wie oft abgerechnet wird",
    each_month="monatlich",
    each_quarter="vierteljährlich",
    each_half_year="halbjährlich",
    each_year="jährlich",
    bundle="Was ein Paket enthält",
    agreement="Bedingungen des Vertrags",
    agreements="Verträge",
    why="Warum",
    unchanged="Alle übrigen Leistungen, Sätze, Preise und Termine bleiben wie vereinbart.",
    regards="Mit freundlichen Grüßen",
)
_SWISS_LETTERS = replace(
    _LETTERS,
    out_of_hours="Der Teil ausserhalb der Geschäftszeiten",
    regards="Mit freundlichen Grüssen",
)
_BY_ENTRY = (
    "Nach Stunden oder pro Einsatz abgerechnete Leistungen stehen auf der Rechnung Einsatz für "
    "Einsatz, zum Preis des Tages, an dem sie erbracht wurden."
)


class German(Language):
    """German, that says `Sie` to the client; in Switzerland with its own quotation marks and
    without `ß`, in Austria and South Tyrol with `Jänner`.
    """

    code = "de"
    name = "German"
    figures = _FIGURES
    units = Units(
        minute=("Minute", "Minuten"),
        hour=("Stunde", "Stunden"),
        day=("Tag", "Tage"),
        month=("Monat", "Monate"),
        year=("Jahr", "Jahre"),
    )
    comparison = Comparison(
        heading="Servicelevels im Vergleich",
        valid="Gültig",
        price="Listenpreis",
        group="Gruppe",
        core="Laufende Leistungen",
        edge="Leistungen je nach Servicelevel",
        baseline="Leistungen darüber hinaus",
        rates="Was eine Stunde kostet",
        coming="Was sich ändert",
        before="Bisher",
        after="Künftig",
        meant="Was die Leistungen umfassen",
    )
    treatments = Treatments(
        included=Treatment(
            heading="In der Pauschale enthalten",
            lead="Der Zeitaufwand für diese Leistungen ist mit der laufenden Pauschale abgegolten.",
            mark="enthalten",
            state="in der Pauschale enthalten",
            otherwise="in der Pauschale enthalten ist",
            invoice=(
                "Leistungen, die in der Pauschale enthalten sind, haben auf der Rechnung keinen "
                "eigenen Betrag: Dort steht die Pauschale."
            ),
        ),
        fixed=Treatment(
            heading="Im Festpreis enthalten",
            lead="Der Zeitaufwand für diese Leistungen ist mit dem Festpreis abgegolten.",
            mark="Festpreis",
            state="im Festpreis enthalten",
            otherwise="im Festpreis enthalten ist",
            invoice=(
                "Leistungen, die im Festpreis enthalten sind, haben auf der Rechnung keinen "
                "eigenen Betrag: Dort steht der Festpreis, in den vereinbarten Teilbeträgen."
            ),
        ),
        block=Treatment(
            heading="Aus dem Stundenkontingent",
            lead=(
                "Der Zeitaufwand für diese Leistungen wird von den vorab gekauften Stunden "
                "abgezogen. Sind sie aufgebraucht, und an Tagen, für die keine gekauft wurden, "
                "werden diese Leistungen zum Preis für Mehrstunden abgerechnet."
            ),
            mark="aus dem Kontingent",
            state="aus dem Stundenkontingent",
            otherwise="vom Stundenkontingent abgezogen wird",
            invoice=(
                "Stunden aus dem Kontingent haben auf der Rechnung keinen Betrag: Sie wurden mit "
                "dem Kauf des Kontingents berechnet. Mehrstunden stehen dort Einsatz für Einsatz, "
                "zu ihrem Preis."
            ),
        ),
        retainer=Treatment(
            heading="Aus dem Guthaben",
            lead=(
                "Diese Leistungen werden zu den unten genannten Preisen abgerechnet und aus dem "
                "Guthaben bezahlt."
            ),
            mark="aus dem Guthaben",
            state="aus dem Guthaben",
            otherwise="aus dem Guthaben bezahlt wird",
            invoice=(
                "Leistungen aus dem Guthaben werden auf der Rechnung kein zweites Mal berechnet: "
                "Ihr Betrag wird vom vorab Bezahlten abgezogen."
            ),
        ),
        ticket=Treatment(
            heading="Nach Tickets abgerechnet",
            lead="Jedes abgeschlossene Ticket verbraucht eines der vorab gekauften Tickets.",
            mark="pro Ticket",
            state="nach Tickets abgerechnet",
            otherwise="nach Tickets abgerechnet wird",
            invoice=(
                "Leistungen nach Tickets haben auf der Rechnung keinen eigenen Betrag: Tickets "
                "werden berechnet, wenn sie gekauft werden."
            ),
        ),
        hourly=Treatment(
            heading="Nach Stunden abgerechnet",
            lead=(
                "Der Zeitaufwand für diese Leistungen wird zu den unten genannten Preisen "
                "abgerechnet."
            ),
            mark="nach Stunden",
            state="nach Stunden abgerechnet",
            otherwise="nach Stunden abgerechnet wird",
            invoice=_BY_ENTRY,
        ),
        entry=Treatment(
            heading="Pro Einsatz abgerechnet",
            lead=(
                "Jeder Einsatz wird zum unten genannten Preis abgerechnet, unabhängig von seiner "
                "Dauer."
            ),
            mark="pro Einsatz",
            state="pro Einsatz abgerechnet",
            otherwise="pro Einsatz abgerechnet wird",
            invoice=_BY_ENTRY,
        ),
        mixed=Treatment(
            heading="Nach Stunden oder pro Einsatz abgerechnet",
            lead=(
                "Diese Leistungen werden zu den unten genannten Preisen abgerechnet: nach Stunden "
                "oder, wo angegeben, pro Einsatz."
            ),
            mark="nach Stunden oder pro Einsatz",
            state="nach Stunden oder pro Einsatz abgerechnet",
            otherwise="nach Stunden oder pro Einsatz abgerechnet wird",
            invoice=_BY_ENTRY,
        ),
        outside=Treatment(
            heading="Nicht Teil des Vertrags",
            lead=(
                "Diese Leistungen sind durch diesen Vertrag nicht abgedeckt. Werden sie dennoch "
                "beauftragt, gelten unsere Standardpreise."
            ),
            mark="Standardpreis",
            state="nicht Teil des Vertrags, zu unseren Standardpreisen",
            otherwise="nicht Teil des Vertrags ist",
            invoice=(
                "Leistungen, die nicht Teil des Vertrags sind, stehen auf der Rechnung Einsatz "
                "für Einsatz, zu unseren Standardpreisen."
            ),
        ),
        free=Treatment(
            heading="Ohne Berechnung",
            lead=(
                "Diese Leistungen werden nie berechnet, unabhängig davon, wer sie erbringt und was "
                "der Anlass ist."
            ),
            mark="ohne Berechnung",
            state="ohne Berechnung",
            otherwise="ohne Berechnung bleibt",
            invoice="Leistungen ohne Berechnung haben auf der Rechnung keinen Betrag.",
        ),
    )

    @property
    def card(self) -> Card:
        outside = "ausserhalb" if self._swiss else "außerhalb"
        return Card(
            heading="Welcher Arbeitstyp?",
            lead=(
                "Wählen Sie den Arbeitstyp nach dem, was Sie getan haben, gleich für welchen "
                "Kunden."
            ),
            work_type="Arbeitstyp",
            meaning="Was Sie getan haben",
            pairs=f"Innerhalb und {outside} der Geschäftszeiten",
            pairs_lead=(
                f"Erfassen Sie Beginn und Ende: Der Teil eines Eintrags {outside} der "
                "Geschäftszeiten wird dann zum Arbeitstyp rechts."
            ),
            inside="Innerhalb der Geschäftszeiten",
            outside=f"{capital(outside)} der Geschäftszeiten",
            causes="Anlässe, die ins Ticket gehören",
            causes_lead=(
                "Betrifft ein Ticket einen dieser Anlässe, wählen Sie sein Problem und sein "
                "Teilproblem."
            ),
            issue="Problem",
            sub_issue="Teilproblem",
        )

    @property
    def phrases(self) -> Phrases:
        cases = self._quoted(["Sonderfälle"])
        return Phrases(
            colon=":",
            semicolon=";",
            document="Leistungsbeschreibung",
            client="Kunde",
            provider="Dienstleister",
            signatures="Unterschriften",
            signature="Ort, Datum, Unterschrift",
            agreement="Vertrag",
            signed="Unterzeichnet",
            level="Servicelevel",
            individual="Individueller Vertrag",
            applies="Gilt für",
            assigned=(
                "Leistungen, die diesem Vertrag zugeordnet sind; für alle anderen gilt der "
                "Hauptvertrag"
            ),
            term="Laufzeit",
            whole_term="die ganze Laufzeit",
            renewal="Verlängerung",
            no_renewal="Nicht vereinbart: Der Vertrag endet mit seinem letzten Tag.",
            currency="Beträge",
            glance="Auf einen Blick",
            work="Leistung",
            treated="Abrechnung",
            differs=f"Für einzelne Rollen oder Anlässe abweichend: siehe {cases}.",
            differs_mark="*",
            not_yet="noch nicht verfügbar",
            scope="Was der Vertrag umfasst",
            unchanged="Unverändert:",
            used_up="Sobald das Kontingent aufgebraucht ist",
            only_where=f"nur soweit unter {cases} genannt",
            differences="Sonderfälle",
            differences_lead=(
                "Entscheidend ist die Art der Leistung, sofern hier nicht die ausführende Rolle "
                "oder der Anlass des Tickets genannt ist."
            ),
            differences_free="Was ohne Berechnung ist, bleibt es in jedem Fall.",
            who="Rolle oder Anlass",
            which="Betroffene Leistungen",
            all_work="alle Leistungen",
            rate="Preis",
            per_entry="pro Einsatz, unabhängig von der Dauer",
            per_hour="pro Stunde",
            monthly="pro Monat",
            quarterly="pro Quartal",
            semi_annual="pro Halbjahr",
            yearly="pro Jahr",
            not_stated="nicht angegeben",
            services="Services und Preise",
            service="Service",
            first="Von",
            last="Bis",
            units="Anzahl",
            unit_price="Einzelpreis",
            total="Gesamt",
            blocks="Vorab gekaufte Stunden",
            hours="Stunden",
            retainers="Guthaben",
            tickets="Vorab gekaufte Tickets",
            ticket_count="Tickets",
            ticket_price="Preis pro Ticket",
            milestones="Zahlungen zum Festpreis",
            milestone="Zahlung",
            due="Fällig am",
            amount="Betrag",
            setup="Einrichtung",
            contract="Für",
            exceptions="Besondere Vereinbarungen",
            exception="Gegenstand",
            days="Zeitraum",
            reason="Grund",
            reading="So lesen Sie dieses Dokument",
            rates_hold=(
                "Es gelten die Preise des Tages, an dem die Leistung erbracht wird. Der letzte Tag "
                "eines Zeitraums gehört immer dazu."
            ),
            bought_hours=(
                "Vorab gekaufte Stunden gelten für Leistungen vom ersten bis zum letzten Tag ihres "
                "Zeitraums. Stehen für einen Tag mehrere Kontingente bereit, wird zuerst das "
                "verbraucht, das früher beginnt."
            ),
            dashes=(
                f"Steht in einer Preistabelle {self._quoted([NOT_HERE])}, wird diese Leistung bei "
                f"dieser Rolle anders abgerechnet: siehe {cases}."
            ),
        )

    @property
    def _swiss(self) -> bool:
        return self.country in ("CH", "LI")

    @property
    def countries(self) -> Mapping[str, str]:
        return _COUNTRIES

    # --- days --------------------------------------------------------------------------------

    def _day(self, of: date) -> str:
        month = _MONTHS[of.month - 1]
        if self.country in ("AT", "IT") and of.month == 1:
            month = "Jänner"
        return f"{of.day}.{SPACE}{month} {of.year}"

    def days(self, first: date, last: date) -> str:
        return f"{self.day(first)} bis {self.day(last)}"

    def since(self, first: date) -> str:
        return f"ab {self.day(first)}"

    def until(self, last: date) -> str:
        return f"bis {self.day(last)}"

    # --- names -------------------------------------------------------------------------------

    def listed(self, names: Sequence[str]) -> str:
        return joined(names, "und")

    def _quoted(self, names: Sequence[str]) -> str:
        before, after = "«»" if self._swiss else "„“"
        return self.listed([f"{before}{name}{after}" for name in names])

    # --- the agreement -----------------------------------------------------------------------

    def for_client(self, service_level: str, client: str) -> str:
        return f"{service_level} für {client}"

    def client_number(self, number: str) -> str:
        return f"Kundennummer {number}"

    def tax_number(self, number: str) -> str:
        called = {"AT": "UID-Nr.", "CH": "UID", "LI": "MwSt-Nr.", "IT": "MwSt.-Nr."}
        return f"{called.get(self.country, 'USt-IdNr.')} {number}"

    def numbered(self, title: str, number: str) -> str:
        return f"{title}, Nr.{SPACE}{number}"

    def signed(self, on: date | None, reference: str) -> str:
        if on is None:
            return f"Referenz {reference}"
        return f"{self.day(on)}, Referenz {reference}" if reference else self.day(on)

    def level(self, title: str, version: int) -> str:
        return f"{title}, Version {version}"

    def level_since(self, level: str, first: date) -> str:
        return f"{level} (ab {self.day(first)})"

    def renewal(self, automatic: bool, extend_by: Term | None, notice: Notice | None) -> str:
        by = f" um {self.length(extend_by)}" if extend_by is not None else ""
        if notice is not None:
            ahead = f"spätestens {self.length(notice.ahead)} vor dem Ende"
            latest = f"also bis zum {self.day(notice.latest)}"
            if automatic:
                return f"Verlängert sich{by}, sofern nicht {ahead} gekündigt wird, {latest}."
            further = f"Über eine Verlängerung{by} wird {ahead} entschieden, {latest}."
            return f"Verlängert sich nicht automatisch. {further}"
        if automatic:
            return f"Verlängert sich{by}, sofern nicht gekündigt wird."
        possible = f"; eine Verlängerung{by} ist möglich" if by else ""
        return f"Verlängert sich nicht automatisch{possible}."

    def in_currency(self, currency: str) -> str:
        return f"in {currency}"

    # --- the scope ---------------------------------------------------------------------------

    def period(self, days: str, level: str) -> str:
        return f"{capital(days)}: {level}"

    def of_agreement(self, what: str, label: str) -> str:
        return f"{what} (Vertrag {label})"

    def of_client(self, label: str, client: str) -> str:
        return f"{label} von {client}"

    def after_hours(self, title: str, mark: str) -> str:
        outside = "ausserhalb" if self._swiss else "außerhalb"
        return f"{outside} der Geschäftszeiten: {title}, {mark}"

    def at_least(self, minimum: Decimal | None, maximum: Decimal | None) -> str:
        if minimum is not None and maximum is not None:
            least, most = self.hours(minimum), self.hours(maximum)
            return f"mindestens {least} und höchstens {most} pro Einsatz"
        if minimum is not None:
            return f"mindestens {self.hours(minimum)} pro Einsatz"
        return f"höchstens {self.hours(maximum)} pro Einsatz" if maximum is not None else ""

    def rates(self, currency: str, per_entry: bool) -> str:
        each = "pro Einsatz, unabhängig von der Dauer" if per_entry else "pro Stunde"
        return f"Preise in {currency} {each}"

    def overage_rates(self, currency: str) -> str:
        return f"Preise für Mehrstunden in {currency} pro Stunde"

    def plus(self, more: Decimal, currency: str) -> str:
        word = "unter" if more < 0 else "über"
        return f"{self.money(abs(more), currency)} {word} dem üblichen Preis"

    def times(self, factor: Decimal) -> str:
        return f"das {self.number(factor)}-Fache des üblichen Preises"

    def factor(self, role: str, hours: Decimal) -> str:
        return f"{role}: Eine geleistete Stunde verbraucht {self.hours(hours)} des Kontingents."

    def no_block(self, level: str, ends: Sequence[tuple[Sequence[str], str]]) -> str:
        rest = "; ".join(
            f"{self.listed(titles)} – {self.treatments.of(kind).state}" for titles, kind in ends
        )
        return (
            f"{level} sieht ein Stundenkontingent vor. Dieser Vertrag enthält keines; Leistungen, "
            f"die davon abgezogen würden, werden daher anders behandelt: {rest}."
        )

    # --- what makes a difference -------------------------------------------------------------

    def by_whom(
        self, roles: Sequence[str], but: Sequence[str], without_causes: Sequence[str]
    ) -> str:
        whose = f"Leistungen{self._of(roles, but)}"
        if not without_causes:
            return whose
        return f"{whose}, ausgenommen Tickets zu {self._quoted(without_causes)}"

    def about_what(self, causes: Sequence[str], roles: Sequence[str], but: Sequence[str]) -> str:
        about = f"Tickets zu {self._quoted(causes)}"
        return f"{about}, bei Leistungen{self._of(roles, but)}" if roles or but else about

    def _of(self, roles: Sequence[str], but: Sequence[str]) -> str:
        if but:
            return f" aller Rollen, ausgenommen {self.listed(but)}"
        if not roles:
            return ""
        return f" der {'Rolle' if len(roles) == 1 else 'Rollen'} {self.listed(roles)}"

    def otherwise(self, kinds: Sequence[str]) -> str:
        clauses = [self.treatments.of(kind).otherwise for kind in kinds]
        return f"was sonst {' oder '.join(clauses)}"

    # --- what was agreed specially -----------------------------------------------------------

    def special(self, what: str, work: Sequence[str], state: str) -> str:
        which = f" ({self.listed(work)})" if work else ""
        return f"{what}{which}: {state}"

    # --- how to read it ----------------------------------------------------------------------

    def look_up(self, differs: bool) -> str:
        also = (
            " Ist sie mit einem Sternchen gekennzeichnet, beachten Sie auch, wer die Leistung "
            "erbringt und was der Anlass des Tickets ist."
        )
        return f"Suchen Sie die Art der Leistung in der Tabelle am Anfang.{also if differs else ''}"

    def rounded(self, minutes: Decimal) -> str:
        return (
            f"Die Dauer jedes erfassten Einsatzes wird auf volle {self._full(minutes)} "
            "aufgerundet, bevor sie zählt."
        )

    def _full(self, minutes: Decimal) -> str:
        return self.units.minute[1] if minutes == 1 else self.minutes(minutes)

    def holds_until(self, last: date) -> str:
        return (
            f"Dieses Dokument beschreibt den Vertrag bis zum {self.day(last)}. Für eine "
            "Verlängerung wird ein neues Dokument erstellt."
        )

    def stamp(self, origin: Origin) -> str:
        return parts(
            f"Vertrag {origin.agreement}, Version {origin.version}",
            f"Servicelevel {', '.join(origin.tiers)}" if origin.tiers else "",
            f"gültig ab {self.day(origin.effective)}",
            f"Inhalt {origin.digest}",
            f"erstellt mit billing_dsl {origin.tool_version}",
        )

    # --- letters about what changes ----------------------------------------------------------

    @property
    def letters(self) -> LetterWords:
        return _SWISS_LETTERS if self._swiss else _LETTERS

    def then(self, first: date, last: date | None) -> str:
        if last is None:
            return f"Ab dem {self.day(first)}"
        return f"Vom {self.day(first)} bis zum {self.day(last)}"

    def letter_about(self, client: str) -> str:
        return f"Was sich für {client} ändert"

    def letter_opening(self, provider: str) -> str:
        return (
            f"mit diesem Schreiben teilt Ihnen {provider} mit, was sich an den Vereinbarungen mit "
            "Ihnen ändert und ab wann. Jede Tabelle stellt gegenüber, was bisher gilt und was "
            "künftig gilt."
        )

    def covers_less(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)} verringert sich der Leistungsumfang: {work}."

    def covers_more(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)} erweitert sich der Leistungsumfang: {work}."

    def covers_otherwise(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)} wird Folgendes anders abgerechnet: {work}."

    def costs_more(self, first: date, last: date | None, what: str) -> str:
        return f"{self.then(first, last)} sind diese Preise höher: {what}."

    def costs_less(self, first: date, last: date | None, what: str) -> str:
        return f"{self.then(first, last)} sind diese Preise niedriger: {what}."

    def no_cover(self, first: date, last: date | None) -> str:
        return f"{self.then(first, last)} besteht kein Vertrag, der Leistungen abdeckt."

    def new_agreement(self, label: str, first: date, last: date) -> str:
        days = f"vom {self.day(first)} bis zum {self.day(last)}"
        return f"{label}: Dieser Vertrag ist neu und läuft {days}."

    def no_agreement(self, label: str) -> str:
        return f"{label}: Dieser Vertrag gilt nicht mehr."

    def of_work(self, what: str, who: str) -> str:
        return f"{what} ({who})"

    def assigned(self, contract: str) -> str:
        return f"bei Tickets, die {contract} zugeordnet sind"

    def questions(self, contact: Sequence[str]) -> str:
        if not contact:
            return "Bitte fragen Sie uns, wenn etwas unklar ist; wir erklären es gern."
        return (
            "Bitte fragen Sie uns, wenn etwas unklar ist; wir erklären es gern. Sie erreichen uns "
            f"so: {', '.join(contact)}."
        )

    def letter_stamp(self, before: str, after: str, digest: str, tool_version: str) -> str:
        return parts(
            f"Katalog bisher {before}",
            f"Katalog künftig {after}",
            f"Inhalt {digest}",
            f"erstellt mit billing_dsl {tool_version}",
        )

    # --- what all clients share --------------------------------------------------------------

    def beyond(self, price: str) -> str:
        return f"danach {price}"

    def compared(self, tiers: Sequence[str], digest: str, tool_version: str) -> str:
        return parts(
            f"Servicelevels {', '.join(tiers)}",
            self.printed(digest),
            f"erstellt mit billing_dsl {tool_version}",
        )

    def printed(self, digest: str) -> str:
        return f"Inhalt {digest}"


_COUNTRIES = named(
    """
AD Andorra|AE Vereinigte Arabische Emirate|AF Afghanistan|AG Antigua und Barbuda|AI Anguilla
AL Albanien|AM Armenien|AO Angola|AQ Antarktis|AR Argentinien|AS Amerikanisch-Samoa|AT Österreich
AU Australien|AW Aruba|AX Ålandinseln|AZ Aserbaidschan|BA Bosnien und Herzegowina|BB Barbados
BD Bangladesch|BE Belgien|BF Burkina Faso|BG Bulgarien|BH Bahrain|BI Burundi|BJ Benin
BL Saint-Barthélemy|BM Bermuda|BN Brunei|BO Bolivien|BQ Karibische Niederlande|BR Brasilien
BS Bahamas|BT Bhutan|BV Bouvetinsel|BW Botsuana|BY Belarus|BZ Belize|CA Kanada|CC Kokosinseln
CD Demokratische Republik Kongo|CF Zentralafrikanische Republik|CG Republik Kongo|CH Schweiz
CI Elfenbeinküste|CK Cookinseln|CL Chile|CM Kamerun|CN China|CO Kolumbien|CR Costa Rica|CU Kuba
CV Kap Verde|CW Curaçao|CX Weihnachtsinsel|CY Zypern|CZ Tschechien|DE Deutschland|DJ Dschibuti
DK Dänemark|DM Dominica|DO Dominikanische Republik|DZ Algerien|EC Ecuador|EE Estland|EG Ägypten
EH Westsahara|ER Eritrea|ES Spanien|ET Äthiopien|FI Finnland|FJ Fidschi|FK Falklandinseln
FM Mikronesien|FO Färöer|FR Frankreich|GA Gabun|GB Vereinigtes Königreich|GD Grenada|GE Georgien
GF Französisch-Guayana|GG Guernsey|GH Ghana|GI Gibraltar|GL Grönland|GM Gambia|GN Guinea
GP Guadeloupe|GQ Äquatorialguinea|GR Griechenland|GS Südgeorgien und die Südlichen Sandwichinseln
GT Guatemala|GU Guam|GW Guinea-Bissau|GY Guyana|HK Hongkong|HM Heard und McDonaldinseln|HN Honduras
HR Kroatien|HT Haiti|HU Ungarn|ID Indonesien|IE Irland|IL Israel|IM Insel Man|IN Indien
IO Britisches Territorium im Indischen Ozean|IQ Irak|IR Iran|IS Island|IT Italien|JE Jersey
JM Jamaika|JO Jordanien|JP Japan|KE Kenia|KG Kirgisistan|KH Kambodscha|KI Kiribati|KM Komoren
KN St. Kitts und Nevis|KP Nordkorea|KR Südkorea|KW Kuwait|KY Kaimaninseln|KZ Kasachstan|LA Laos
LB Libanon|LC St. Lucia|LI Liechtenstein|LK Sri Lanka|LR Liberia|LS Lesotho|LT Litauen|LU Luxemburg
LV Lettland|LY Libyen|MA Marokko|MC Monaco|MD Republik Moldau|ME Montenegro|MF Saint-Martin
MG Madagaskar|MH Marshallinseln|MK Nordmazedonien|ML Mali|MM Myanmar|MN Mongolei|MO Macau
MP Nördliche Marianen|MQ Martinique|MR Mauretanien|MS Montserrat|MT Malta|MU Mauritius|MV Malediven
MW Malawi|MX Mexiko|MY Malaysia|MZ Mosambik|NA Namibia|NC Neukaledonien|NE Niger|NF Norfolkinsel
NG Nigeria|NI Nicaragua|NL Niederlande|NO Norwegen|NP Nepal|NR Nauru|NU Niue|NZ Neuseeland|OM Oman
PA Panama|PE Peru|PF Französisch-Polynesien|PG Papua-Neuguinea|PH Philippinen|PK Pakistan|PL Polen
PM Saint-Pierre und Miquelon|PN Pitcairninseln|PR Puerto Rico|PS Palästina|PT Portugal|PW Palau
PY Paraguay|QA Katar|RE Réunion|RO Rumänien|RS Serbien|RU Russland|RW Ruanda|SA Saudi-Arabien
SB Salomonen|SC Seychellen|SD Sudan|SE Schweden|SG Singapur
SH St. Helena, Ascension und Tristan da Cunha|SI Slowenien|SJ Svalbard und Jan Mayen|SK Slowakei
SL Sierra Leone|SM San Marino|SN Senegal|SO Somalia|SR Suriname|SS Südsudan|ST São Tomé und Príncipe
SV El Salvador|SX Sint Maarten|SY Syrien|SZ Eswatini|TC Turks- und Caicosinseln|TD Tschad
TF Französische Süd- und Antarktisgebiete|TG Togo|TH Thailand|TJ Tadschikistan|TK Tokelau
TL Timor-Leste|TM Turkmenistan|TN Tunesien|TO Tonga|TR Türkei|TT Trinidad und Tobago|TV Tuvalu
TW Taiwan|TZ Tansania|UA Ukraine|UG Uganda|UM Kleinere Amerikanische Überseeinseln
US Vereinigte Staaten|UY Uruguay|UZ Usbekistan|VA Vatikanstadt|VC St. Vincent und die Grenadinen
VE Venezuela|VG Britische Jungferninseln|VI Amerikanische Jungferninseln|VN Vietnam|VU Vanuatu
WF Wallis und Futuna|WS Samoa|YE Jemen|YT Mayotte|ZA Südafrika|ZM Sambia|ZW Simbabwe
"""
)

GERMAN = German()
