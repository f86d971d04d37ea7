"""Countries by their number in the official code (Insee, code officiel géographique, pays et territoires étrangers)."""

from collections.abc import Mapping

from babel import Locale

HOME = "FR"
# Part of France for an address, with a French postcode.
FRANCE = frozenset({HOME, "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "TF"})
# Those that are not here are declared on the form online.
COG: Mapping[str, str] = {
    "DK": "99101", "IS": "99102", "NO": "99103", "SE": "99104", "FI": "99105", "EE": "99106", "LV": "99107", "LT": "99108",
    "DE": "99109", "AT": "99110", "BG": "99111", "HU": "99112", "LI": "99113", "RO": "99114", "CZ": "99116", "SK": "99117",
    "BA": "99118", "HR": "99119", "ME": "99120", "RS": "99121", "PL": "99122", "RU": "99123", "AL": "99125", "GR": "99126",
    "IT": "99127", "SM": "99128", "VA": "99129", "AD": "99130", "BE": "99131", "GB": "99132", "ES": "99134", "NL": "99135",
    "IE": "99136", "LU": "99137", "MC": "99138", "PT": "99139", "CH": "99140", "MT": "99144", "SI": "99145", "BY": "99148",
    "MD": "99151", "UA": "99155", "MK": "99156", "XK": "99157", "SA": "99201", "IQ": "99203", "IR": "99204", "LB": "99205",
    "SY": "99206", "IL": "99207", "TR": "99208", "AF": "99212", "PK": "99213", "BT": "99214", "NP": "99215", "CN": "99216",
    "JP": "99217", "TH": "99219", "PH": "99220", "JO": "99222", "IN": "99223", "MM": "99224", "BN": "99225", "SG": "99226",
    "MY": "99227", "MV": "99229", "HK": "99230", "ID": "99231", "MO": "99232", "KH": "99234", "LK": "99235", "TW": "99236",
    "KP": "99238", "KR": "99239", "KW": "99240", "LA": "99241", "MN": "99242", "VN": "99243", "AE": "99247", "QA": "99248",
    "CY": "99254", "EG": "99301", "ZA": "99303", "CM": "99322", "CI": "99326", "MG": "99333", "SN": "99341", "MA": "99350",
    "TN": "99351", "DZ": "99352", "MU": "99390", "CA": "99401", "US": "99404", "MX": "99405", "AR": "99415", "BR": "99416",
    "AU": "99501", "NZ": "99502",
}  # fmt: skip
_NAMES: Mapping[str, str] = Locale("fr").territories


def name_of(country: str) -> str:
    """In French, whoever reads: the tax office does."""
    return str(_NAMES.get(country, country))
