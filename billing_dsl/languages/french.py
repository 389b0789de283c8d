"""French."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from billing_dsl.languages._language import (
    NARROW,
    NOT_HERE,
    SPACE,
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
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
    *("septembre", "octobre", "novembre", "décembre"),
)
_FIGURES = {
    "": Figures(NARROW, ","),
    "CA": Figures(SPACE, ","),
    "CH": Figures("’", ",", currency_first=True, cents="."),
    "LU": Figures(".", ","),
}


def _quote(text: str) -> str:
    return f"«{NARROW}{text}{NARROW}»"


_CASES = _quote("Cas particuliers")
_BY_ENTRY = (
    "Les prestations facturées à l’heure ou à l’intervention figurent sur la facture intervention "
    "par intervention, au tarif du jour où elles ont été réalisées."
)


class French(Language):
    """French, that says `vous` to the client; in Switzerland decimals have a comma in numbers and
    a point in amounts.
    """

    code = "fr"
    name = "French"
    figures = _FIGURES
    units = Units(
        minute=("minute", "minutes"),
        hour=("heure", "heures"),
        day=("jour", "jours"),
        month=("mois", "mois"),
        year=("an", "ans"),
    )
    phrases = Phrases(
        colon=f"{NARROW}:",
        semicolon=f"{NARROW};",
        document="Périmètre des prestations",
        client="Client",
        provider="Prestataire",
        signatures="Signatures",
        signature="Lieu, date, signature",
        agreement="Contrat",
        signed="Signature",
        level="Niveau de service",
        individual="Contrat individuel",
        applies="Concerne",
        assigned=(
            f"les prestations rattachées à ce contrat{NARROW}; toutes les autres relèvent du "
            "contrat principal"
        ),
        term="Durée",
        whole_term="toute la durée",
        renewal="Renouvellement",
        no_renewal=f"Non prévu{NARROW}: le contrat prend fin à son dernier jour.",
        currency="Montants",
        glance="En bref",
        work="Prestation",
        treated="Facturation",
        differs=f"Différent pour certains profils ou certaines causes{NARROW}: voir {_CASES}.",
        differs_mark="*",
        not_yet="pas encore proposé",
        scope="Ce que couvre le contrat",
        unchanged=f"Sans changement{NARROW}:",
        used_up="Une fois le crédit d’heures épuisé",
        only_where=f"seulement dans les {_CASES}",
        differences="Cas particuliers",
        differences_lead=(
            "Le type de prestation est déterminant, sauf si le profil de l’intervenant ou la cause "
            "du ticket figure ici."
        ),
        differences_free="Ce qui est sans frais le reste dans tous les cas.",
        who="Profil ou cause",
        which="Prestations concernées",
        all_work="toutes les prestations",
        rate="Tarif",
        per_entry="par intervention, quelle qu’en soit la durée",
        per_hour="par heure",
        monthly="par mois",
        quarterly="par trimestre",
        semi_annual="par semestre",
        yearly="par an",
        not_stated="non indiqué",
        services="Services et prix",
        service="Service",
        first="Du",
        last="Au",
        units="Quantité",
        unit_price="Prix unitaire",
        total="Total",
        blocks="Heures achetées d’avance",
        hours="Heures",
        retainers="Provision",
        tickets="Tickets achetés d’avance",
        ticket_count="Tickets",
        ticket_price="Prix par ticket",
        milestones="Paiements du prix fixe",
        milestone="Paiement",
        due="Échéance",
        amount="Montant",
        setup="Mise en service",
        contract="Pour",
        exceptions="Conditions particulières",
        exception="Objet",
        days="Période",
        reason="Motif",
        reading="Comment lire ce document",
        rates_hold=(
            "Les tarifs applicables sont ceux du jour où la prestation est réalisée. Le dernier "
            "jour d’une période en fait toujours partie."
        ),
        bought_hours=(
            "Les heures achetées couvrent les prestations du premier au dernier jour de leur "
            f"période{NARROW}; si plusieurs crédits couvrent un même jour, celui qui commence le "
            "plus tôt est utilisé en premier."
        ),
        dashes=(
            f"Lorsqu’un tableau de tarifs indique {_quote(NOT_HERE)}, cette prestation est "
            f"facturée autrement pour ce profil{NARROW}: voir {_CASES}."
        ),
    )
    letters = LetterWords(
        document="Modifications du contrat",
        date="Date",
        salutation="Madame, Monsieur,",
        in_short="L’essentiel",
        before="Jusqu’à présent",
        after="Désormais",
        effect="Ce que cela signifie",
        less="couverture réduite",
        more="couverture étendue",
        otherwise="facturé autrement",
        higher="en hausse",
        lower="en baisse",
        new="nouveauté",
        ended="n’est plus prévu",
        gone="n’est plus proposé",
        rates="Tarifs",
        overage="Tarifs une fois le crédit d’heures épuisé",
        counting="Décompte du temps",
        debit="Une heure de travail compte dans le crédit pour",
        out_of_hours="La part hors des heures ouvrées",
        rounding="Arrondi du temps",
        invoicing="Fréquence de facturation",
        each_month="chaque mois",
        each_quarter="chaque trimestre",
        each_half_year="chaque semestre",
        each_year="chaque année",
        bundle="Ce que comprend un ensemble de services",
        agreement="Conditions du contrat",
        agreements="Contrats",
        why="Pourquoi",
        unchanged=(
            "Toutes les autres prestations, tous les autres tarifs, prix et dates restent tels que "
            "convenus."
        ),
        regards="Veuillez agréer, Madame, Monsieur, nos salutations distinguées.",
    )
    comparison = Comparison(
        heading="Niveaux de service comparés",
        valid="Validité",
        price="Prix catalogue",
        group="Groupe",
        core="Prestations courantes",
        edge="Prestations selon le niveau de service",
        baseline="Prestations au-delà du service courant",
        rates="Ce que coûte une heure",
        coming="Ce qui va changer",
        before="Jusque-là",
        after="Ensuite",
        meant="Ce que comprennent les prestations",
    )
    card = Card(
        heading=f"Quel type de travail{NARROW}?",
        lead="Choisissez le type de travail selon ce que vous avez fait, quel que soit le client.",
        work_type="Type de travail",
        meaning="Ce que vous avez fait",
        pairs="Pendant et hors heures ouvrées",
        pairs_lead=(
            f"Saisissez l’heure de début et de fin{NARROW}: la partie hors heures ouvrées passe "
            "alors au type de travail de droite."
        ),
        inside="Pendant les heures ouvrées",
        outside="Hors heures ouvrées",
        causes="Causes à indiquer dans le ticket",
        causes_lead=(
            "Si un ticket concerne l’une de ces causes, choisissez son problème et son "
            "sous-problème."
        ),
        issue="Problème",
        sub_issue="Sous-problème",
    )
    treatments = Treatments(
        included=Treatment(
            heading="Compris dans le forfait",
            lead=(
                "Les heures consacrées à ces prestations sont couvertes par le forfait périodique."
            ),
            mark="dans le forfait",
            state="dans le forfait",
            otherwise="est compris dans le forfait",
            invoice=(
                "Les prestations comprises dans le forfait n’ont pas de montant propre sur la "
                f"facture{NARROW}: c’est le forfait qui y figure."
            ),
        ),
        fixed=Treatment(
            heading="Compris dans le prix fixe",
            lead="Les heures consacrées à ces prestations sont couvertes par le prix fixe.",
            mark="prix fixe",
            state="dans le prix fixe",
            otherwise="est compris dans le prix fixe",
            invoice=(
                "Les prestations comprises dans le prix fixe n’ont pas de montant propre sur la "
                f"facture{NARROW}: c’est le prix qui y figure, selon les échéances convenues."
            ),
        ),
        block=Treatment(
            heading="Décompté du crédit d’heures",
            lead=(
                "Les heures consacrées à ces prestations sont décomptées des heures achetées "
                "d’avance. Une fois celles-ci épuisées, et les jours pour lesquels aucune n’a été "
                "achetée, ces prestations sont facturées au tarif des heures excédentaires."
            ),
            mark="crédit d’heures",
            state="sur le crédit d’heures",
            otherwise="est décompté du crédit d’heures",
            invoice=(
                f"Les heures décomptées du crédit n’ont pas de montant sur la facture{NARROW}: "
                "elles ont été facturées à l’achat du crédit. Les heures excédentaires y figurent "
                "intervention par intervention, à leur tarif."
            ),
        ),
        retainer=Treatment(
            heading="Prélevé sur la provision",
            lead=(
                "Ces prestations sont facturées aux tarifs ci-dessous et réglées sur la provision."
            ),
            mark="sur la provision",
            state="sur la provision",
            otherwise="est prélevé sur la provision",
            invoice=(
                "Les prestations prélevées sur la provision ne sont pas facturées une seconde "
                f"fois{NARROW}: leur montant est déduit de la somme versée d’avance."
            ),
        ),
        ticket=Treatment(
            heading="Facturation au ticket",
            lead="Chaque ticket clôturé consomme un des tickets achetés d’avance.",
            mark="au ticket",
            state="facturation au ticket",
            otherwise="est facturé au ticket",
            invoice=(
                "Les prestations facturées au ticket n’ont pas de montant propre sur la "
                f"facture{NARROW}: les tickets sont facturés à l’achat."
            ),
        ),
        hourly=Treatment(
            heading="Facturation à l’heure",
            lead=("Les heures consacrées à ces prestations sont facturées aux tarifs ci-dessous."),
            mark="à l’heure",
            state="facturation à l’heure",
            otherwise="est facturé à l’heure",
            invoice=_BY_ENTRY,
        ),
        entry=Treatment(
            heading="Facturation à l’intervention",
            lead=(
                "Chaque intervention est facturée au tarif ci-dessous, quelle qu’en soit la durée."
            ),
            mark="à l’intervention",
            state="facturation à l’intervention",
            otherwise="est facturé à l’intervention",
            invoice=_BY_ENTRY,
        ),
        mixed=Treatment(
            heading="Facturation à l’heure ou à l’intervention",
            lead=(
                f"Ces prestations sont facturées aux tarifs ci-dessous{NARROW}: à l’heure ou, là "
                "où c’est indiqué, à l’intervention."
            ),
            mark="à l’heure ou à l’intervention",
            state="facturation à l’heure ou à l’intervention",
            otherwise="est facturé à l’heure ou à l’intervention",
            invoice=_BY_ENTRY,
        ),
        outside=Treatment(
            heading="Hors contrat",
            lead=(
                "Ce contrat ne couvre pas ces prestations. Si elles sont néanmoins commandées, "
                "elles sont facturées à nos tarifs habituels."
            ),
            mark="tarif habituel",
            state="hors contrat, à nos tarifs habituels",
            otherwise="est hors contrat",
            invoice=(
                "Les prestations hors contrat figurent sur la facture intervention par "
                "intervention, à nos tarifs habituels."
            ),
        ),
        free=Treatment(
            heading="Sans frais",
            lead=(
                "Ces prestations ne sont jamais facturées, quels que soient l’intervenant et la "
                "cause."
            ),
            mark="sans frais",
            state="sans frais",
            otherwise="est sans frais",
            invoice="Les prestations sans frais n’ont pas de montant sur la facture.",
        ),
    )

    @property
    def countries(self) -> Mapping[str, str]:
        return _COUNTRIES

    # --- days --------------------------------------------------------------------------------

    def _day(self, of: date) -> str:
        number = "1er" if of.day == 1 else str(of.day)
        return f"{number}{SPACE}{_MONTHS[of.month - 1]} {of.year}"

    def days(self, first: date, last: date) -> str:
        return f"du {self.day(first)} au {self.day(last)}"

    def since(self, first: date) -> str:
        return f"à partir du {self.day(first)}"

    def until(self, last: date) -> str:
        return f"jusqu’au {self.day(last)}"

    # --- numbers and names -------------------------------------------------------------------

    def is_one(self, of: Decimal) -> bool:
        """Plural begins with two: `1,5 heure`."""
        return abs(of) < 2

    def listed(self, names: Sequence[str]) -> str:
        return joined(names, "et")

    def _quoted(self, names: Sequence[str]) -> str:
        return self.listed([_quote(name) for name in names])

    # --- the agreement -----------------------------------------------------------------------

    def for_client(self, service_level: str, client: str) -> str:
        return f"{service_level} pour {client}"

    def client_number(self, number: str) -> str:
        return f"N°{SPACE}de client {number}"

    def tax_number(self, number: str) -> str:
        return f"N°{SPACE}TVA {number}"

    def numbered(self, title: str, number: str) -> str:
        return f"{title}, n°{SPACE}{number}"

    def signed(self, on: date | None, reference: str) -> str:
        if on is None:
            return f"référence {reference}"
        return f"{self.day(on)}, référence {reference}" if reference else self.day(on)

    def level(self, title: str, version: int) -> str:
        return f"{title}, version {version}"

    def level_since(self, level: str, first: date) -> str:
        return f"{level} ({self.since(first)})"

    def renewal(self, automatic: bool, extend_by: Term | None, notice: Notice | None) -> str:
        length = self.length(extend_by) if extend_by is not None else ""
        by = f" pour {length}" if length else ""
        of = f" de {length}" if length else ""
        if notice is not None:
            ahead = f"au moins {self.length(notice.ahead)} avant l’échéance"
            by_when = f"{ahead}, soit au plus tard le {self.day(notice.latest)}"
            if automatic:
                return f"Renouvelé{by}, sauf résiliation notifiée {by_when}."
            further = f"Une prolongation{of} se décide {by_when}."
            return f"Pas de renouvellement automatique. {further}"
        if automatic:
            return f"Renouvelé{by}, sauf résiliation."
        possible = f"{NARROW}; une prolongation{of} est possible" if of else ""
        return f"Pas de renouvellement automatique{possible}."

    def in_currency(self, currency: str) -> str:
        return f"en {currency}"

    # --- the scope ---------------------------------------------------------------------------

    def period(self, days: str, level: str) -> str:
        return f"{capital(days)}{NARROW}: {level}"

    def of_agreement(self, what: str, label: str) -> str:
        return f"{what} (contrat {label})"

    def of_client(self, label: str, client: str) -> str:
        return f"{label}, signé par {client}"

    def after_hours(self, title: str, mark: str) -> str:
        return f"hors heures ouvrées{NARROW}: {title}, {mark}"

    def at_least(self, minimum: Decimal | None, maximum: Decimal | None) -> str:
        if minimum is not None and maximum is not None:
            least, most = self.hours(minimum), self.hours(maximum)
            return f"au moins {least} et au plus {most} par intervention"
        if minimum is not None:
            return f"au moins {self.hours(minimum)} par intervention"
        return f"au plus {self.hours(maximum)} par intervention" if maximum is not None else ""

    def rates(self, currency: str, per_entry: bool) -> str:
        each = "par intervention, quelle qu’en soit la durée" if per_entry else "par heure"
        return f"Tarifs en {currency} {each}"

    def overage_rates(self, currency: str) -> str:
        return f"Tarifs des heures excédentaires en {currency} par heure"

    def plus(self, more: Decimal, currency: str) -> str:
        word = "au-dessous" if more < 0 else "au-dessus"
        return f"{self.money(abs(more), currency)} {word} du tarif usuel"

    def times(self, factor: Decimal) -> str:
        return f"{self.number(factor)}{SPACE}fois le tarif usuel"

    def factor(self, role: str, hours: Decimal) -> str:
        each = f"une heure travaillée compte pour {self.hours(hours)} du crédit"
        return f"{role}{NARROW}: {each}."

    def no_block(self, level: str, ends: Sequence[tuple[Sequence[str], str]]) -> str:
        rest = f"{NARROW}; ".join(
            f"{self.listed(titles)} – {self.treatments.of(kind).state}" for titles, kind in ends
        )
        return (
            f"{level} prévoit un crédit d’heures. Ce contrat n’en comporte pas{NARROW}; les "
            "prestations qui en seraient décomptées sont donc traitées autrement"
            f"{NARROW}: {rest}."
        )

    # --- what makes a difference -------------------------------------------------------------

    def by_whom(
        self, roles: Sequence[str], but: Sequence[str], without_causes: Sequence[str]
    ) -> str:
        whose = f"Prestations{self._of(roles, but)}"
        if not without_causes:
            return whose
        return f"{whose}, hors tickets concernant {self._quoted(without_causes)}"

    def about_what(self, causes: Sequence[str], roles: Sequence[str], but: Sequence[str]) -> str:
        about = f"Tickets concernant {self._quoted(causes)}"
        return f"{about}, pour les prestations{self._of(roles, but)}" if roles or but else about

    def _of(self, roles: Sequence[str], but: Sequence[str]) -> str:
        if but:
            return f" de tous les profils sauf {self.listed(but)}"
        if not roles:
            return ""
        return f" {'du profil' if len(roles) == 1 else 'des profils'} {self.listed(roles)}"

    def otherwise(self, kinds: Sequence[str]) -> str:
        clauses = [self.treatments.of(kind).otherwise for kind in kinds]
        return f"ce qui, normalement, {' ou '.join(clauses)}"

    # --- what was agreed specially -----------------------------------------------------------

    def special(self, what: str, work: Sequence[str], state: str) -> str:
        which = f" ({self.listed(work)})" if work else ""
        return f"{what}{which}{NARROW}: {state}"

    # --- how to read it ----------------------------------------------------------------------

    def look_up(self, differs: bool) -> str:
        also = (
            " S’il est marqué d’un astérisque, vérifiez aussi le profil de l’intervenant et la "
            "cause du ticket."
        )
        start = "Cherchez le type de prestation dans le tableau en tête du document."
        return f"{start}{also if differs else ''}"

    def rounded(self, minutes: Decimal) -> str:
        to = (
            "à la minute supérieure" if minutes == 1 else f"aux {self.minutes(minutes)} supérieures"
        )
        return (
            f"La durée de chaque intervention enregistrée est arrondie {to} avant d’être comptée."
        )

    def holds_until(self, last: date) -> str:
        return (
            f"Ce document décrit le contrat {self.until(last)}. Un renouvellement donne lieu à un "
            "nouveau document."
        )

    def stamp(self, origin: Origin) -> str:
        return parts(
            f"Contrat {origin.agreement}, version {origin.version}",
            f"niveau {', '.join(origin.tiers)}" if origin.tiers else "",
            f"en vigueur {self.since(origin.effective)}",
            f"contenu {origin.digest}",
            f"établi avec billing_dsl {origin.tool_version}",
        )

    # --- letters about what changes ----------------------------------------------------------

    def then(self, first: date, last: date | None) -> str:
        return capital(self.since(first) if last is None else self.days(first, last))

    def letter_about(self, client: str) -> str:
        return f"Ce qui change pour {client}"

    def letter_opening(self, provider: str) -> str:
        return (
            f"Par la présente, {provider} vous informe de ce qui change dans ce qui a été convenu "
            "avec vous, et à partir de quand. Chaque tableau met en regard ce qui vaut jusqu’à "
            "présent et ce qui vaudra désormais."
        )

    def covers_less(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)}, la couverture est réduite{NARROW}: {work}."

    def covers_more(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)}, la couverture est étendue{NARROW}: {work}."

    def covers_otherwise(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)}, le mode de facturation change{NARROW}: {work}."

    def costs_more(self, first: date, last: date | None, what: str) -> str:
        return f"{self.then(first, last)}, ces prix augmentent{NARROW}: {what}."

    def costs_less(self, first: date, last: date | None, what: str) -> str:
        return f"{self.then(first, last)}, ces prix diminuent{NARROW}: {what}."

    def no_cover(self, first: date, last: date | None) -> str:
        return f"{self.then(first, last)}, aucun contrat ne couvre vos prestations."

    def new_agreement(self, label: str, first: date, last: date) -> str:
        return f"{label}{NARROW}: ce contrat est nouveau et court {self.days(first, last)}."

    def no_agreement(self, label: str) -> str:
        return f"{label}{NARROW}: ce contrat ne s’applique plus."

    def of_work(self, what: str, who: str) -> str:
        return f"{what} ({who})"

    def assigned(self, contract: str) -> str:
        return f"pour les tickets affectés à {contract}"

    def questions(self, contact: Sequence[str]) -> str:
        if not contact:
            return "Pour toute question, n’hésitez pas à vous adresser à nous."
        return (
            "Pour toute question, n’hésitez pas à vous adresser à nous. Vous pouvez nous joindre "
            f"ainsi{NARROW}: {', '.join(contact)}."
        )

    def letter_stamp(self, before: str, after: str, digest: str, tool_version: str) -> str:
        return parts(
            f"catalogue précédent {before}",
            f"nouveau catalogue {after}",
            f"contenu {digest}",
            f"établi avec billing_dsl {tool_version}",
        )

    # --- what all clients share --------------------------------------------------------------

    def beyond(self, price: str) -> str:
        return f"ensuite {price}"

    def compared(self, tiers: Sequence[str], digest: str, tool_version: str) -> str:
        return parts(
            f"Niveaux de service {', '.join(tiers)}",
            self.printed(digest),
            f"établi avec billing_dsl {tool_version}",
        )

    def printed(self, digest: str) -> str:
        return f"contenu {digest}"


_COUNTRIES = named(
    """
AD Andorre|AE Émirats arabes unis|AF Afghanistan|AG Antigua-et-Barbuda|AI Anguilla|AL Albanie
AM Arménie|AO Angola|AQ Antarctique|AR Argentine|AS Samoa américaines|AT Autriche|AU Australie
AW Aruba|AX Îles Åland|AZ Azerbaïdjan|BA Bosnie-Herzégovine|BB Barbade|BD Bangladesh|BE Belgique
BF Burkina Faso|BG Bulgarie|BH Bahreïn|BI Burundi|BJ Bénin|BL Saint-Barthélemy|BM Bermudes|BN Brunei
BO Bolivie|BQ Pays-Bas caribéens|BR Brésil|BS Bahamas|BT Bhoutan|BV Île Bouvet|BW Botswana
BY Biélorussie|BZ Belize|CA Canada|CC Îles Cocos|CD République démocratique du Congo
CF République centrafricaine|CG Congo|CH Suisse|CI Côte d’Ivoire|CK Îles Cook|CL Chili|CM Cameroun
CN Chine|CO Colombie|CR Costa Rica|CU Cuba|CV Cap-Vert|CW Curaçao|CX Île Christmas|CY Chypre
CZ Tchéquie|DE Allemagne|DJ Djibouti|DK Danemark|DM Dominique|DO République dominicaine|DZ Algérie
EC Équateur|EE Estonie|EG Égypte|EH Sahara occidental|ER Érythrée|ES Espagne|ET Éthiopie|FI Finlande
FJ Fidji|FK Îles Malouines|FM Micronésie|FO Îles Féroé|FR France|GA Gabon|GB Royaume-Uni|GD Grenade
GE Géorgie|GF Guyane française|GG Guernesey|GH Ghana|GI Gibraltar|GL Groenland|GM Gambie|GN Guinée
GP Guadeloupe|GQ Guinée équatoriale|GR Grèce|GS Géorgie du Sud-et-les îles Sandwich du Sud
GT Guatemala|GU Guam|GW Guinée-Bissau|GY Guyana|HK Hong Kong|HM Îles Heard-et-MacDonald|HN Honduras
HR Croatie|HT Haïti|HU Hongrie|ID Indonésie|IE Irlande|IL Israël|IM Île de Man|IN Inde
IO Territoire britannique de l’océan Indien|IQ Irak|IR Iran|IS Islande|IT Italie|JE Jersey
JM Jamaïque|JO Jordanie|JP Japon|KE Kenya|KG Kirghizistan|KH Cambodge|KI Kiribati|KM Comores
KN Saint-Christophe-et-Niévès|KP Corée du Nord|KR Corée du Sud|KW Koweït|KY Îles Caïmans
KZ Kazakhstan|LA Laos|LB Liban|LC Sainte-Lucie|LI Liechtenstein|LK Sri Lanka|LR Libéria|LS Lesotho
LT Lituanie|LU Luxembourg|LV Lettonie|LY Libye|MA Maroc|MC Monaco|MD Moldavie|ME Monténégro
MF Saint-Martin|MG Madagascar|MH Îles Marshall|MK Macédoine du Nord|ML Mali|MM Birmanie|MN Mongolie
MO Macao|MP Îles Mariannes du Nord|MQ Martinique|MR Mauritanie|MS Montserrat|MT Malte|MU Maurice
MV Maldives|MW Malawi|MX Mexique|MY Malaisie|MZ Mozambique|NA Namibie|NC Nouvelle-Calédonie|NE Niger
NF Île Norfolk|NG Nigéria|NI Nicaragua|NL Pays-Bas|NO Norvège|NP Népal|NR Nauru|NU Niue
NZ Nouvelle-Zélande|OM Oman|PA Panama|PE Pérou|PF Polynésie française|PG Papouasie-Nouvelle-Guinée
PH Philippines|PK Pakistan|PL Pologne|PM Saint-Pierre-et-Miquelon|PN Îles Pitcairn|PR Porto Rico
PS Palestine|PT Portugal|PW Palaos|PY Paraguay|QA Qatar|RE La Réunion|RO Roumanie|RS Serbie
RU Russie|RW Rwanda|SA Arabie saoudite|SB Îles Salomon|SC Seychelles|SD Soudan|SE Suède|SG Singapour
SH Sainte-Hélène, Ascension et Tristan da Cunha|SI Slovénie|SJ Svalbard et Jan Mayen|SK Slovaquie
SL Sierra Leone|SM Saint-Marin|SN Sénégal|SO Somalie|SR Suriname|SS Soudan du Sud
ST Sao Tomé-et-Principe|SV Salvador|SX Sint Maarten|SY Syrie|SZ Eswatini|TC Îles Turques-et-Caïques
TD Tchad|TF Terres australes françaises|TG Togo|TH Thaïlande|TJ Tadjikistan|TK Tokelau
TL Timor oriental|TM Turkménistan|TN Tunisie|TO Tonga|TR Turquie|TT Trinité-et-Tobago|TV Tuvalu
TW Taïwan|TZ Tanzanie|UA Ukraine|UG Ouganda|UM Îles mineures éloignées des États-Unis|US États-Unis
UY Uruguay|UZ Ouzbékistan|VA Vatican|VC Saint-Vincent-et-les-Grenadines|VE Venezuela
VG Îles Vierges britanniques|VI Îles Vierges des États-Unis|VN Viêt Nam|VU Vanuatu
WF Wallis-et-Futuna|WS Samoa|YE Yémen|YT Mayotte|ZA Afrique du Sud|ZM Zambie|ZW Zimbabwe
"""
)

FRENCH = French()
