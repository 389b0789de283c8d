"""Spanish."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from billing_dsl.languages._language import (
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
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
    *("septiembre", "octubre", "noviembre", "diciembre"),
)
_AS_IN_MEXICO = ("BZ", "DO", "GT", "HN", "MX", "NI", "PA", "PE", "PR", "SV", "US")
_AS_IN_ARGENTINA = ("AR", "BO", "CL", "CO", "EC", "PY", "UY", "VE")
_FIGURES = {
    "": Figures(".", ","),
    **dict.fromkeys(_AS_IN_MEXICO, Figures(",", ".", currency_first=True)),
    **dict.fromkeys(_AS_IN_ARGENTINA, Figures(".", ",", currency_first=True)),
    "CR": Figures(SPACE, ",", currency_first=True),
}

_LIKE_AN_I = re.compile(r"h?[ií](?![aeoáéó])", re.IGNORECASE)
"""The beginning of a word before which `y` becomes `e`."""
_BY_ENTRY = (
    "Los trabajos facturados por horas o por intervención figuran en la factura intervención por "
    "intervención, a la tarifa del día en que se realizaron."
)


class Spanish(Language):
    """Spanish, that says `usted` to the client."""

    code = "es"
    name = "Spanish"
    figures = _FIGURES
    units = Units(
        minute=("minuto", "minutos"),
        hour=("hora", "horas"),
        day=("día", "días"),
        month=("mes", "meses"),
        year=("año", "años"),
    )
    phrases = Phrases(
        colon=":",
        semicolon=";",
        document="Alcance del servicio",
        client="Cliente",
        provider="Proveedor",
        signatures="Firmas",
        signature="Lugar, fecha y firma",
        agreement="Contrato",
        signed="Firma",
        level="Nivel de servicio",
        individual="Contrato individual",
        applies="Se aplica a",
        assigned=(
            "los trabajos asignados a este contrato; todos los demás siguen el contrato principal"
        ),
        term="Vigencia",
        whole_term="toda la vigencia",
        renewal="Renovación",
        no_renewal="No pactada: el contrato termina en su último día.",
        currency="Importes",
        glance="De un vistazo",
        work="Trabajo",
        treated="Facturación",
        differs="Distinto para algunos perfiles o causas: véase «Casos particulares».",
        differs_mark="*",
        not_yet="aún no disponible",
        scope="Qué cubre el contrato",
        unchanged="Sin cambios:",
        used_up="Una vez agotada la bolsa de horas",
        only_where="solo en los «Casos particulares»",
        differences="Casos particulares",
        differences_lead=(
            "Lo que cuenta es el tipo de trabajo, salvo que aquí se indique el perfil de quien lo "
            "realiza o la causa del ticket."
        ),
        differences_free="Lo que no tiene cargo sigue sin tenerlo en todos los casos.",
        who="Perfil o causa",
        which="Trabajos afectados",
        all_work="todos los trabajos",
        rate="Tarifa",
        per_entry="por intervención, sea cual sea su duración",
        per_hour="por hora",
        monthly="al mes",
        quarterly="al trimestre",
        semi_annual="al semestre",
        yearly="al año",
        not_stated="sin indicar",
        services="Servicios y cuotas",
        service="Servicio",
        first="Desde",
        last="Hasta",
        units="Unidades",
        unit_price="Precio por unidad",
        total="Total",
        blocks="Horas compradas por anticipado",
        hours="Horas",
        retainers="Saldo prepagado",
        tickets="Tickets comprados por anticipado",
        ticket_count="Tickets",
        ticket_price="Precio por ticket",
        milestones="Pagos del precio cerrado",
        milestone="Pago",
        due="Vencimiento",
        amount="Importe",
        setup="Puesta en marcha",
        contract="Para",
        exceptions="Condiciones particulares",
        exception="Objeto",
        days="Período",
        reason="Motivo",
        reading="Cómo leer este documento",
        rates_hold=(
            "Se aplican las tarifas del día en que se realiza el trabajo. El último día de cada "
            "período está siempre incluido."
        ),
        bought_hours=(
            "Las horas compradas cubren los trabajos desde el primer hasta el último día de su "
            "período; si varias bolsas cubren un mismo día, se usa primero la que empieza antes."
        ),
        dashes=(
            f"Donde una tabla de tarifas muestra «{NOT_HERE}», ese trabajo se factura de otro modo "
            "para ese perfil: véase «Casos particulares»."
        ),
    )
    letters = LetterWords(
        document="Cambios en el contrato",
        date="Fecha",
        salutation="Estimado cliente:",
        in_short="En resumen",
        before="Hasta ahora",
        after="En adelante",
        effect="Qué supone",
        less="cobertura reducida",
        more="cobertura ampliada",
        otherwise="se factura de otro modo",
        higher="más alto",
        lower="más bajo",
        new="novedad",
        ended="se suprime",
        gone="ya no se ofrece",
        rates="Tarifas",
        overage="Tarifas una vez agotada la bolsa de horas",
        counting="Cómputo del tiempo",
        debit="Una hora de trabajo descuenta de la bolsa",
        out_of_hours="La parte fuera del horario laboral",
        rounding="Redondeo del tiempo",
        invoicing="Frecuencia de facturación",
        each_month="cada mes",
        each_quarter="cada trimestre",
        each_half_year="cada semestre",
        each_year="cada año",
        bundle="Qué incluye un paquete de servicios",
        agreement="Condiciones del contrato",
        agreements="Contratos",
        why="Por qué",
        unchanged="Todos los demás trabajos, tarifas, precios y fechas siguen como se acordaron.",
        regards="Atentamente,",
    )
    comparison = Comparison(
        heading="Niveles de servicio comparados",
        valid="Validez",
        price="Precio de lista",
        group="Grupo",
        core="Trabajos habituales",
        edge="Trabajos según el nivel de servicio",
        baseline="Trabajos más allá del servicio habitual",
        rates="Cuánto cuesta una hora",
        coming="Qué cambiará",
        before="Hasta entonces",
        after="Desde entonces",
        meant="En qué consiste cada trabajo",
    )
    card = Card(
        heading="¿Qué tipo de trabajo?",
        lead="Elija el tipo de trabajo según lo que ha hecho, sea quien sea el cliente.",
        work_type="Tipo de trabajo",
        meaning="Qué ha hecho",
        pairs="Dentro y fuera del horario laboral",
        pairs_lead=(
            "Indique la hora de inicio y la de fin: la parte fuera del horario laboral pasa así "
            "al tipo de trabajo de la derecha."
        ),
        inside="Dentro del horario laboral",
        outside="Fuera del horario laboral",
        causes="Causas que deben constar en el ticket",
        causes_lead=(
            "Si un ticket trata de una de estas causas, elija su problema y su subproblema."
        ),
        issue="Problema",
        sub_issue="Subproblema",
    )
    treatments = Treatments(
        included=Treatment(
            heading="Incluido en la cuota",
            lead="Las horas dedicadas a estos trabajos están cubiertas por la cuota periódica.",
            mark="en la cuota",
            state="en la cuota",
            otherwise="está incluido en la cuota",
            invoice=(
                "Los trabajos incluidos en la cuota no tienen importe propio en la factura: en "
                "ella figura la cuota."
            ),
        ),
        fixed=Treatment(
            heading="Incluido en el precio cerrado",
            lead="Las horas dedicadas a estos trabajos están cubiertas por el precio cerrado.",
            mark="precio cerrado",
            state="en el precio cerrado",
            otherwise="está incluido en el precio cerrado",
            invoice=(
                "Los trabajos incluidos en el precio cerrado no tienen importe propio en la "
                "factura: en ella figura el precio, en los plazos acordados."
            ),
        ),
        block=Treatment(
            heading="Con cargo a la bolsa de horas",
            lead=(
                "Las horas dedicadas a estos trabajos se descuentan de las horas compradas por "
                "anticipado. Una vez agotadas, y en los días para los que no se compró ninguna, "
                "estos trabajos se facturan a la tarifa de las horas excedentes."
            ),
            mark="bolsa de horas",
            state="con cargo a la bolsa de horas",
            otherwise="se descuenta de la bolsa de horas",
            invoice=(
                "Las horas con cargo a la bolsa no tienen importe en la factura: se cobraron al "
                "comprar la bolsa. Las horas excedentes figuran en ella intervención por "
                "intervención, a su tarifa."
            ),
        ),
        retainer=Treatment(
            heading="Con cargo al saldo prepagado",
            lead=(
                "Estos trabajos se facturan a las tarifas indicadas abajo y se pagan con el saldo "
                "prepagado."
            ),
            mark="saldo prepagado",
            state="con cargo al saldo prepagado",
            otherwise="se descuenta del saldo prepagado",
            invoice=(
                "Los trabajos con cargo al saldo prepagado no se cobran por segunda vez en la "
                "factura: su importe se descuenta de lo pagado por anticipado."
            ),
        ),
        ticket=Treatment(
            heading="Facturación por ticket",
            lead="Cada ticket completado consume uno de los tickets comprados por anticipado.",
            mark="por ticket",
            state="facturación por ticket",
            otherwise="se factura por ticket",
            invoice=(
                "Los trabajos por ticket no tienen importe propio en la factura: los tickets se "
                "cobran al comprarlos."
            ),
        ),
        hourly=Treatment(
            heading="Facturación por horas",
            lead=(
                "Las horas dedicadas a estos trabajos se facturan a las tarifas indicadas abajo."
            ),
            mark="por horas",
            state="facturación por horas",
            otherwise="se factura por horas",
            invoice=_BY_ENTRY,
        ),
        entry=Treatment(
            heading="Facturación por intervención",
            lead=(
                "Cada intervención se factura a la tarifa indicada abajo, sea cual sea su duración."
            ),
            mark="por intervención",
            state="facturación por intervención",
            otherwise="se factura por intervención",
            invoice=_BY_ENTRY,
        ),
        mixed=Treatment(
            heading="Facturación por horas o por intervención",
            lead=(
                "Estos trabajos se facturan a las tarifas indicadas abajo: por horas o, donde se "
                "indique, por intervención."
            ),
            mark="por horas o por intervención",
            state="facturación por horas o por intervención",
            otherwise="se factura por horas o por intervención",
            invoice=_BY_ENTRY,
        ),
        outside=Treatment(
            heading="Fuera del contrato",
            lead=(
                "Este contrato no cubre estos trabajos. Si se encargan de todos modos, se facturan "
                "a nuestras tarifas habituales."
            ),
            mark="tarifa habitual",
            state="fuera del contrato, a nuestras tarifas habituales",
            otherwise="queda fuera del contrato",
            invoice=(
                "Los trabajos fuera del contrato figuran en la factura intervención por "
                "intervención, a nuestras tarifas habituales."
            ),
        ),
        free=Treatment(
            heading="Sin cargo",
            lead=(
                "Estos trabajos no se facturan nunca, los realice quien los realice y sea cual sea "
                "la causa."
            ),
            mark="sin cargo",
            state="sin cargo",
            otherwise="no tiene cargo",
            invoice="Los trabajos sin cargo no tienen importe en la factura.",
        ),
    )

    @property
    def countries(self) -> Mapping[str, str]:
        return _COUNTRIES

    # --- days --------------------------------------------------------------------------------

    def _day(self, of: date) -> str:
        return f"{of.day}{SPACE}de{SPACE}{_MONTHS[of.month - 1]} de{SPACE}{of.year}"

    def days(self, first: date, last: date) -> str:
        return f"del {self.day(first)} al {self.day(last)}"

    def since(self, first: date) -> str:
        return f"desde el {self.day(first)}"

    def until(self, last: date) -> str:
        return f"hasta el {self.day(last)}"

    # --- names -------------------------------------------------------------------------------

    def listed(self, names: Sequence[str]) -> str:
        return self._listed(names, names)

    def _quoted(self, names: Sequence[str]) -> str:
        return self._listed([f"«{name}»" for name in names], names)

    def _listed(self, written: Sequence[str], names: Sequence[str]) -> str:
        return joined(written, "e" if names and _LIKE_AN_I.match(names[-1]) else "y")

    # --- the agreement -----------------------------------------------------------------------

    def for_client(self, service_level: str, client: str) -> str:
        return f"{service_level} para {client}"

    def client_number(self, number: str) -> str:
        return f"N.º de cliente {number}"

    def tax_number(self, number: str) -> str:
        return f"{'Identificación fiscal' if self.country else 'NIF'} {number}"

    def numbered(self, title: str, number: str) -> str:
        return f"{title}, n.º{SPACE}{number}"

    def signed(self, on: date | None, reference: str) -> str:
        if on is None:
            return f"referencia {reference}"
        return f"{self.day(on)}, referencia {reference}" if reference else self.day(on)

    def level(self, title: str, version: int) -> str:
        return f"{title}, versión {version}"

    def level_since(self, level: str, first: date) -> str:
        return f"{level} ({self.since(first)})"

    def renewal(self, automatic: bool, extend_by: Term | None, notice: Notice | None) -> str:
        length = self.length(extend_by) if extend_by is not None else ""
        by = f" por {length}" if length else ""
        of = f" de {length}" if length else ""
        if notice is not None:
            ahead = f"al menos {self.length(notice.ahead)} antes del vencimiento"
            by_when = f"{ahead}, es decir, a más tardar el {self.day(notice.latest)}"
            if automatic:
                return f"Se renueva{by}, salvo denuncia comunicada {by_when}."
            further = f"Una prórroga{of} se acuerda {by_when}."
            return f"No se renueva automáticamente. {further}"
        if automatic:
            return f"Se renueva{by}, salvo denuncia."
        return f"No se renueva automáticamente{'; puede prorrogarse' + by if by else ''}."

    def in_currency(self, currency: str) -> str:
        return f"en {currency}"

    # --- the scope ---------------------------------------------------------------------------

    def period(self, days: str, level: str) -> str:
        return f"{capital(days)}: {level}"

    def of_agreement(self, what: str, label: str) -> str:
        return f"{what} (contrato {label})"

    def of_client(self, label: str, client: str) -> str:
        return f"{label}, firmado por {client}"

    def after_hours(self, title: str, mark: str) -> str:
        return f"fuera del horario laboral: {title}, {mark}"

    def at_least(self, minimum: Decimal | None, maximum: Decimal | None) -> str:
        if minimum is not None and maximum is not None:
            least, most = self.hours(minimum), self.hours(maximum)
            return f"al menos {least} y como máximo {most} por intervención"
        if minimum is not None:
            return f"al menos {self.hours(minimum)} por intervención"
        return f"como máximo {self.hours(maximum)} por intervención" if maximum is not None else ""

    def rates(self, currency: str, per_entry: bool) -> str:
        each = "por intervención, sea cual sea su duración" if per_entry else "por hora"
        return f"Tarifas en {currency} {each}"

    def overage_rates(self, currency: str) -> str:
        return f"Tarifas de las horas excedentes en {currency} por hora"

    def plus(self, more: Decimal, currency: str) -> str:
        word = "debajo" if more < 0 else "encima"
        return f"{self.money(abs(more), currency)} por {word} de la tarifa normal"

    def times(self, factor: Decimal) -> str:
        return f"{self.number(factor)}{SPACE}veces la tarifa normal"

    def factor(self, role: str, hours: Decimal) -> str:
        return f"{role}: una hora de trabajo cuenta como {self.hours(hours)} de la bolsa."

    def no_block(self, level: str, ends: Sequence[tuple[Sequence[str], str]]) -> str:
        rest = "; ".join(
            f"{self.listed(titles)} – {self.treatments.of(kind).state}" for titles, kind in ends
        )
        return (
            f"{level} prevé una bolsa de horas. Este contrato no incluye ninguna, por lo que los "
            f"trabajos que se descontarían de ella se tratan de otro modo: {rest}."
        )

    # --- what makes a difference -------------------------------------------------------------

    def by_whom(
        self, roles: Sequence[str], but: Sequence[str], without_causes: Sequence[str]
    ) -> str:
        whose = f"Trabajos{self._of(roles, but)}"
        if not without_causes:
            return whose
        return f"{whose}, salvo los tickets sobre {self._quoted(without_causes)}"

    def about_what(self, causes: Sequence[str], roles: Sequence[str], but: Sequence[str]) -> str:
        about = f"Tickets sobre {self._quoted(causes)}"
        return f"{about}, en trabajos{self._of(roles, but)}" if roles or but else about

    def _of(self, roles: Sequence[str], but: Sequence[str]) -> str:
        if but:
            return f" de todos los perfiles salvo {self.listed(but)}"
        if not roles:
            return ""
        return f" {'del perfil' if len(roles) == 1 else 'de los perfiles'} {self.listed(roles)}"

    def otherwise(self, kinds: Sequence[str]) -> str:
        clauses = [self.treatments.of(kind).otherwise for kind in kinds]
        return f"lo que normalmente {' o '.join(clauses)}"

    # --- what was agreed specially -----------------------------------------------------------

    def special(self, what: str, work: Sequence[str], state: str) -> str:
        which = f" ({self.listed(work)})" if work else ""
        return f"{what}{which}: {state}"

    # --- how to read it ----------------------------------------------------------------------

    def look_up(self, differs: bool) -> str:
        also = (
            " Si está marcado con un asterisco, compruebe también quién realiza el trabajo y la "
            "causa del ticket."
        )
        return f"Busque el tipo de trabajo en la tabla inicial.{also if differs else ''}"

    def rounded(self, minutes: Decimal) -> str:
        to = "al minuto entero" if minutes == 1 else f"a múltiplos de {self.minutes(minutes)}"
        return (
            f"La duración de cada intervención registrada se redondea al alza {to} antes de "
            "contarla."
        )

    def holds_until(self, last: date) -> str:
        return (
            f"Este documento describe el contrato {self.until(last)}. Una renovación da lugar a un "
            "documento nuevo."
        )

    def stamp(self, origin: Origin) -> str:
        return parts(
            f"Contrato {origin.agreement}, versión {origin.version}",
            f"nivel {', '.join(origin.tiers)}" if origin.tiers else "",
            f"en vigor {self.since(origin.effective)}",
            f"contenido {origin.digest}",
            f"redactado con billing_dsl {origin.tool_version}",
        )

    # --- letters about what changes ----------------------------------------------------------

    def then(self, first: date, last: date | None) -> str:
        return capital(self.since(first) if last is None else self.days(first, last))

    def letter_about(self, client: str) -> str:
        return f"Qué cambia para {client}"

    def letter_opening(self, provider: str) -> str:
        return (
            f"Con esta carta, {provider} le comunica qué cambia en lo acordado con usted y desde "
            "cuándo. Cada tabla muestra lo que rige hasta ahora junto a lo que regirá en adelante."
        )

    def covers_less(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)}, la cobertura se reduce: {work}."

    def covers_more(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)}, la cobertura se amplía: {work}."

    def covers_otherwise(self, first: date, last: date | None, work: str) -> str:
        return f"{self.then(first, last)}, cambia la forma de facturación: {work}."

    def costs_more(self, first: date, last: date | None, what: str) -> str:
        return f"{self.then(first, last)}, estos precios suben: {what}."

    def costs_less(self, first: date, last: date | None, what: str) -> str:
        return f"{self.then(first, last)}, estos precios bajan: {what}."

    def no_cover(self, first: date, last: date | None) -> str:
        return f"{self.then(first, last)}, ningún contrato cubre sus trabajos."

    def new_agreement(self, label: str, first: date, last: date) -> str:
        return f"{label}: este contrato es nuevo y está en vigor {self.days(first, last)}."

    def no_agreement(self, label: str) -> str:
        return f"{label}: este contrato ya no está en vigor."

    def of_work(self, what: str, who: str) -> str:
        return f"{what} ({who})"

    def assigned(self, contract: str) -> str:
        return f"en los tickets asignados a {contract}"

    def questions(self, contact: Sequence[str]) -> str:
        if not contact:
            return "Si algo no queda claro, consúltenos: se lo explicaremos con gusto."
        return (
            "Si algo no queda claro, consúltenos: se lo explicaremos con gusto. Puede ponerse en "
            f"contacto con nosotros aquí: {', '.join(contact)}."
        )

    def letter_stamp(self, before: str, after: str, digest: str, tool_version: str) -> str:
        return parts(
            f"catálogo anterior {before}",
            f"catálogo nuevo {after}",
            f"contenido {digest}",
            f"redactado con billing_dsl {tool_version}",
        )

    # --- what all clients share --------------------------------------------------------------

    def beyond(self, price: str) -> str:
        return f"después {price}"

    def compared(self, tiers: Sequence[str], digest: str, tool_version: str) -> str:
        return parts(
            f"Niveles de servicio {', '.join(tiers)}",
            self.printed(digest),
            f"redactado con billing_dsl {tool_version}",
        )

    def printed(self, digest: str) -> str:
        return f"contenido {digest}"


_COUNTRIES = named(
    """
AD Andorra|AE Emiratos Árabes Unidos|AF Afganistán|AG Antigua y Barbuda|AI Anguila|AL Albania
AM Armenia|AO Angola|AQ Antártida|AR Argentina|AS Samoa Americana|AT Austria|AU Australia|AW Aruba
AX Islas Åland|AZ Azerbaiyán|BA Bosnia y Herzegovina|BB Barbados|BD Bangladés|BE Bélgica
BF Burkina Faso|BG Bulgaria|BH Baréin|BI Burundi|BJ Benín|BL San Bartolomé|BM Bermudas|BN Brunéi
BO Bolivia|BQ Caribe neerlandés|BR Brasil|BS Bahamas|BT Bután|BV Isla Bouvet|BW Botsuana
BY Bielorrusia|BZ Belice|CA Canadá|CC Islas Cocos|CD República Democrática del Congo
CF República Centroafricana|CG Congo|CH Suiza|CI Costa de Marfil|CK Islas Cook|CL Chile|CM Camerún
CN China|CO Colombia|CR Costa Rica|CU Cuba|CV Cabo Verde|CW Curazao|CX Isla de Navidad|CY Chipre
CZ Chequia|DE Alemania|DJ Yibuti|DK Dinamarca|DM Dominica|DO República Dominicana|DZ Argelia
EC Ecuador|EE Estonia|EG Egipto|EH Sáhara Occidental|ER Eritrea|ES España|ET Etiopía|FI Finlandia
FJ Fiyi|FK Islas Malvinas|FM Micronesia|FO Islas Feroe|FR Francia|GA Gabón|GB Reino Unido|GD Granada
GE Georgia|GF Guayana Francesa|GG Guernesey|GH Ghana|GI Gibraltar|GL Groenlandia|GM Gambia|GN Guinea
GP Guadalupe|GQ Guinea Ecuatorial|GR Grecia|GS Islas Georgia del Sur y Sandwich del Sur|GT Guatemala
GU Guam|GW Guinea-Bisáu|GY Guyana|HK Hong Kong|HM Islas Heard y McDonald|HN Honduras|HR Croacia
HT Haití|HU Hungría|ID Indonesia|IE Irlanda|IL Israel|IM Isla de Man|IN India
IO Territorio Británico del Océano Índico|IQ Irak|IR Irán|IS Islandia|IT Italia|JE Jersey|JM Jamaica
JO Jordania|JP Japón|KE Kenia|KG Kirguistán|KH Camboya|KI Kiribati|KM Comoras
KN San Cristóbal y Nieves|KP Corea del Norte|KR Corea del Sur|KW Kuwait|KY Islas Caimán
KZ Kazajistán|LA Laos|LB Líbano|LC Santa Lucía|LI Liechtenstein|LK Sri Lanka|LR Liberia|LS Lesoto
LT Lituania|LU Luxemburgo|LV Letonia|LY Libia|MA Marruecos|MC Mónaco|MD Moldavia|ME Montenegro
MF San Martín|MG Madagascar|MH Islas Marshall|MK Macedonia del Norte|ML Mali|MM Birmania|MN Mongolia
MO Macao|MP Islas Marianas del Norte|MQ Martinica|MR Mauritania|MS Montserrat|MT Malta|MU Mauricio
MV Maldivas|MW Malaui|MX México|MY Malasia|MZ Mozambique|NA Namibia|NC Nueva Caledonia|NE Níger
NF Isla Norfolk|NG Nigeria|NI Nicaragua|NL Países Bajos|NO Noruega|NP Nepal|NR Nauru|NU Niue
NZ Nueva Zelanda|OM Omán|PA Panamá|PE Perú|PF Polinesia Francesa|PG Papúa Nueva Guinea|PH Filipinas
PK Pakistán|PL Polonia|PM San Pedro y Miquelón|PN Islas Pitcairn|PR Puerto Rico|PS Palestina
PT Portugal|PW Palaos|PY Paraguay|QA Catar|RE Reunión|RO Rumanía|RS Serbia|RU Rusia|RW Ruanda
SA Arabia Saudí|SB Islas Salomón|SC Seychelles|SD Sudán|SE Suecia|SG Singapur
SH Santa Elena, Ascensión y Tristán de Acuña|SI Eslovenia|SJ Svalbard y Jan Mayen|SK Eslovaquia
SL Sierra Leona|SM San Marino|SN Senegal|SO Somalia|SR Surinam|SS Sudán del Sur
ST Santo Tomé y Príncipe|SV El Salvador|SX San Martín (parte neerlandesa)|SY Siria|SZ Esuatini
TC Islas Turcas y Caicos|TD Chad|TF Tierras Australes Francesas|TG Togo|TH Tailandia|TJ Tayikistán
TK Tokelau|TL Timor Oriental|TM Turkmenistán|TN Túnez|TO Tonga|TR Turquía|TT Trinidad y Tobago
TV Tuvalu|TW Taiwán|TZ Tanzania|UA Ucrania|UG Uganda|UM Islas menores alejadas de Estados Unidos
US Estados Unidos|UY Uruguay|UZ Uzbekistán|VA Ciudad del Vaticano|VC San Vicente y las Granadinas
VE Venezuela|VG Islas Vírgenes Británicas|VI Islas Vírgenes de los Estados Unidos|VN Vietnam
VU Vanuatu|WF Wallis y Futuna|WS Samoa|YE Yemen|YT Mayotte|ZA Sudáfrica|ZM Zambia|ZW Zimbabue
"""
)

SPANISH = Spanish()
