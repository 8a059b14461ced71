"""The words that sample records are made of: what a hardware wholesaler sells, to whom, and where they are."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen


def _listed(words: str) -> Sequence[str]:
    return tuple(words.split(", "))


@frozen
class Family:
    """Articles that differ in size and finish only. `price` is in cents for the smallest, `weight` in grams."""

    code: str
    name: str
    sizes: Sequence[str]
    finishes: Sequence[tuple[str, str]]
    price: int
    weight: int
    assembled: bool = False


_METRIC = (
    "M4 x 20",
    "M5 x 25",
    "M6 x 30",
    "M6 x 40",
    "M8 x 30",
    "M8 x 40",
    "M8 x 60",
    "M10 x 50",
    "M10 x 80",
    "M12 x 60",
)
_LENGTHS = ("12 in", "18 in", "24 in", "30 in", "36 in", "48 in", "60 in", "72 in")
_WEAR = ("S", "M", "L", "XL", "XXL")
_BORES = ("1/4 in", "3/8 in", "1/2 in", "3/4 in", "1 in", "1 1/4 in", "1 1/2 in", "2 in")
_GRITS = ("40 grit", "60 grit", "80 grit", "100 grit", "120 grit", "180 grit", "240 grit", "320 grit")
_METAL = (("ZN", "zinc plated"), ("SS", "stainless steel"), ("HD", "hot-dip galvanized"), ("BK", "black oxide"))
_COLORS = (("BL", "blue"), ("GY", "gray"), ("OR", "orange"), ("YE", "yellow"), ("BK", "black"))
_PIPES = (("BR", "brass"), ("SS", "stainless steel"), ("CU", "copper"), ("PV", "PVC"))
_BOARDS = (("MP", "maple"), ("GV", "galvanized steel"), ("WH", "white laminate"))

FAMILIES: Sequence[Family] = (
    Family("HXB", "Hex Bolt", _METRIC, _METAL, 14, 20),
    Family("CRB", "Carriage Bolt", _METRIC, _METAL, 19, 24),
    Family("SHC", "Socket Head Cap Screw", _METRIC, _METAL, 22, 18),
    Family("LAG", "Lag Screw", _METRIC, _METAL, 26, 32),
    Family("WDG", "Wedge Anchor", _METRIC, _METAL, 48, 55),
    Family("BLV", "Ball Valve", _BORES, _PIPES, 690, 240),
    Family("ELB", "90-Degree Elbow", _BORES, _PIPES, 185, 90),
    Family("TEE", "Tee Fitting", _BORES, _PIPES, 240, 120),
    Family("NIP", "Pipe Nipple", _BORES, _PIPES, 160, 75),
    Family("GLV", "Nitrile Work Glove", _WEAR, _COLORS, 390, 60),
    Family("VST", "High-Visibility Vest", _WEAR, _COLORS, 1150, 180),
    Family("CVR", "Coverall", _WEAR, _COLORS, 3480, 640),
    Family("SND", "Sanding Disc", _GRITS, (("5", "5 in"), ("6", "6 in"), ("8", "8 in")), 45, 15),
    Family("SHF", "Shelf Board", _LENGTHS, _BOARDS, 1890, 2900),
    Family("RCK", "Boltless Rack", _LENGTHS, _BOARDS, 11900, 21000, assembled=True),
    Family("BNC", "Workbench", _LENGTHS, _BOARDS, 28900, 46000, assembled=True),
)
PACKS: Sequence[tuple[str, int]] = (
    ("", 1),
    ("pack of 10", 10),
    ("pack of 25", 25),
    ("box of 100", 100),
    ("case of 500", 500),
)

COMPANY_FIRST: Sequence[str] = _listed(
    "Ridgeline, Harbor, Blue River, Summit, Cedar Point, Northgate, Prairie, Granite, Lakeside, Copper "
    "Hill, Ironwood, Redwood, Bayview, Stonebridge, Western, Keystone, Evergreen, Pioneer, Silver Creek, "
    "Atlas"
)
COMPANY_SECOND: Sequence[str] = _listed(
    "Building Supply, Hardware, Contractors, Plumbing, Industrial, Mechanical, Maintenance, Outfitters, "
    "Machine Works, Facilities, Electric, Construction, Tool & Die, Marine Services, Farm & Ranch"
)
COMPANY_FORM: Sequence[str] = ("Inc.", "LLC", "Co.", "Corp.", "& Sons")
FIRST_NAMES: Sequence[str] = _listed(
    "Maria, James, Linda, Robert, Aisha, David, Susan, Miguel, Karen, Wei, Nancy, Omar, Grace, Peter, "
    "Elena, Thomas, Priya, Daniel, Ruth, Marcus, Joyce, Hassan, Irene, Victor, Zoë"
)
LAST_NAMES: Sequence[str] = _listed(
    "Alvarez, Baker, Chen, Dubois, Eriksen, Foster, Garcia, Haddad, Ivanova, Johnson, Kowalski, Lopez, "
    "Murphy, Nguyen, O'Brien, Patel, Quinn, Rossi, Schmidt, Tanaka, Underwood, Vega, Walker, Young"
)
STREETS: Sequence[str] = _listed(
    "Industrial Pkwy, Commerce Dr, Main St, Depot Rd, Mill St, Harbor Blvd, Railroad Ave, Foundry Ln, Market St"
)
TOWNS: Sequence[tuple[str, str, str, str, int]] = (
    ("Portland", "OR", "Oregon", "97209", 49),
    ("Tacoma", "WA", "Washington", "98402", 62),
    ("Boise", "ID", "Idaho", "83702", 22),
    ("Reno", "NV", "Nevada", "89501", 39),
    ("Denver", "CO", "Colorado", "80202", 13),
    ("Tulsa", "OK", "Oklahoma", "74103", 48),
    ("Dayton", "OH", "Ohio", "45402", 47),
    ("Erie", "PA", "Pennsylvania", "16501", 51),
    ("Albany", "NY", "New York", "12207", 43),
    ("Macon", "GA", "Georgia", "31201", 19),
    ("Mobile", "AL", "Alabama", "36602", 1),
    ("Fresno", "CA", "California", "93721", 12),
)
"""City, state, the state's name, ZIP code, and Zoey's region id."""
LOCATIONS: Sequence[str] = (
    "Portland Warehouse",
    "Dayton Warehouse",
    "Macon Warehouse",
    "Reno Cross-dock",
    "Albany Depot",
)
