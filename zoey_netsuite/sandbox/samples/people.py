"""Sample companies: an account with its people in Zoey, and the customer with its contacts in NetSuite."""

from __future__ import annotations

import random
from collections.abc import Sequence

from attrs import frozen

from zoey_netsuite.sandbox.samples.goods import Row
from zoey_netsuite.sandbox.samples.words import (
    COMPANY_FIRST,
    COMPANY_FORM,
    COMPANY_SECOND,
    FIRST_NAMES,
    LAST_NAMES,
    STREETS,
    TOWNS,
)

FIRST_CUSTOMER = 501
FIRST_CONTACT = 20_001
TERMS = (("1", "Net 15"), ("2", "Net 30"), ("3", "Net 60"))


@frozen
class Address:
    """A postal address; `id` is Zoey's."""

    id: int
    street: str
    city: str
    state: str
    state_name: str
    zip: str
    region_id: int


@frozen
class Person:
    """Somebody who orders; `id` is Zoey's, `contact_id` NetSuite's."""

    id: int
    contact_id: int
    first_name: str
    last_name: str
    email: str


@frozen
class Company:
    """A business customer: `id` is the account in Zoey, `customer_id` the customer in NetSuite."""

    id: int
    customer_id: int
    name: str
    phone: str
    term: str
    credit_limit: int
    address: Address
    people: Sequence[Person]


def companies(count: int, rng: random.Random) -> Sequence[Company]:
    """So many companies of different names, each with one to three people."""
    made: list[Company] = []
    person_id = 0
    for index in range(count):
        first, second = COMPANY_FIRST[index % len(COMPANY_FIRST)], COMPANY_SECOND[index // 20 % len(COMPANY_SECOND)]
        form = COMPANY_FORM[index // 300 % len(COMPANY_FORM)]
        number = f" No. {index // 1500 + 1}" if index >= 1500 else ""
        city, state, state_name, zip_code, region_id = rng.choice(TOWNS)
        domain = f"{first}{second}{index + 1}".lower().translate(_NOT_IN_DOMAINS) + ".example.com"
        people: list[Person] = []
        for _ in range(rng.choice((1, 1, 2, 3))):
            given, family = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
            name = f"{given}.{family}.{person_id + 1}".lower().translate(_NOT_IN_EMAILS)
            people.append(Person(person_id + 1, FIRST_CONTACT + person_id, given, family, f"{name}@{domain}"))
            person_id += 1
        street = f"{rng.randint(10, 9900)} {rng.choice(STREETS)}"
        made.append(
            Company(
                index + 1,
                FIRST_CUSTOMER + index,
                f"{first} {second}{number} {form}",
                f"{rng.randint(201, 989)}-555-{rng.randint(100, 9999):04d}",
                rng.choice(TERMS)[0],
                rng.choice((0, 5_000, 10_000, 25_000)),
                Address(index + 1, street, city, state, state_name, zip_code, region_id),
                people,
            )
        )
    return made


def customer_records(all_companies: Sequence[Company]) -> list[Row]:
    """The companies as NetSuite's customers."""
    return [
        {
            "id": str(company.customer_id),
            "entityId": f"CUST{company.customer_id}",
            "companyName": company.name,
            "isPerson": False,
            "email": company.people[0].email,
            "phone": company.phone,
            "subsidiary": "1",
            "terms": company.term,
            "creditLimit": company.credit_limit,
            "addressBook": {
                "items": [
                    {
                        "label": "Main",
                        "defaultBilling": True,
                        "defaultShipping": True,
                        "addressBookAddress": _address_record(company),
                    }
                ]
            },
        }
        for company in all_companies
    ]


def contact_records(all_companies: Sequence[Company]) -> list[Row]:
    """The companies' people as NetSuite's contacts."""
    return [
        {
            "id": str(person.contact_id),
            "entityId": f"{person.first_name} {person.last_name} {person.contact_id}",
            "firstName": person.first_name,
            "lastName": person.last_name,
            "email": person.email,
            "company": str(company.customer_id),
            "subsidiary": "1",
        }
        for company in all_companies
        for person in company.people
    ]


def accounts(all_companies: Sequence[Company]) -> list[Row]:
    """The companies as Zoey's accounts; nine in ten carry their NetSuite customer's id."""
    return [
        {
            "id": company.id,
            "type": 1,
            "name": company.name,
            "status": 1,
            "external_id": "" if company.id % 10 == 0 else str(company.customer_id),
            "customer_group_id": 1,
            "tax_class_id": 3,
            "default_billing_address_id": company.address.id,
            "addresses": [
                {
                    "id": str(company.address.id),
                    "address_type": "billing,shipping",
                    **_zoey_address(company, company.people[0]),
                    "is_default_billing_address": "1",
                    "is_default_shipping_address": "1",
                }
            ],
            "contacts": [
                {
                    "id": str(person.id),
                    "company_id": str(company.id),
                    "customer_id": str(person.id),
                    "customer_email": person.email,
                    "role_id": "1",
                    "role_label": "Buyer" if index else "Administrator",
                }
                for index, person in enumerate(company.people)
            ],
            "netterm": {"id": str(company.id), "enabled": "1", "term": dict(TERMS)[company.term]},
        }
        for company in all_companies
    ]


def customers(all_companies: Sequence[Company]) -> list[Row]:
    """The companies' people as Zoey's customers."""
    return [
        {
            "entity_id": person.id,
            "firstname": person.first_name,
            "lastname": person.last_name,
            "email": person.email,
            "website_id": 1,
            "group_id": 1,
        }
        for company in all_companies
        for person in company.people
    ]


def order_addresses(company: Company, person: Person) -> list[Row]:
    """Where an order goes and who pays it, as Zoey's orders show it."""
    return [
        {"address_type": kind, "email": person.email, **_zoey_address(company, person)}
        for kind in ("billing", "shipping")
    ]


def _zoey_address(company: Company, person: Person) -> Row:
    address = company.address
    return {
        "firstname": person.first_name,
        "lastname": person.last_name,
        "company": company.name,
        "street": [address.street],
        "city": address.city,
        "region": address.state_name,
        "region_id": str(address.region_id),
        "postcode": address.zip,
        "country_id": "US",
        "telephone": company.phone,
    }


def _address_record(company: Company) -> Row:
    address = company.address
    return {
        "addressee": company.name,
        "addr1": address.street,
        "city": address.city,
        "state": address.state,
        "zip": address.zip,
        "country": {"id": "US"},
        "addrPhone": company.phone,
    }


_NOT_IN_DOMAINS = str.maketrans({" ": None, "&": None, ".": None, "'": None})
_NOT_IN_EMAILS = str.maketrans({"'": None, "ë": "e", " ": None})
