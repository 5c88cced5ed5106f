"""Names, firms and places that the demo's artifacts speak of; all invented, all on `.example`."""

from __future__ import annotations

from random import Random
from typing import NamedTuple


class Person(NamedTuple):
    """A customer or colleague, with the address that mail goes to."""

    name: str
    mail: str
    city: str
    country: str


_PEOPLE = (
    "Amara Okafor,amara.okafor,Lagos,NG",
    "Jonas Lindqvist,jonas.lindqvist,Göteborg,SE",
    "Nguyễn Thị Mai,mai.nguyen,Đà Nẵng,VN",
    "María José Peña,mj.pena,Sevilla,ES",
    "Oleksandr Kovalenko,o.kovalenko,Lviv,UA",
    "田中 美咲,misaki.tanaka,大阪,JP",
    "Łukasz Wójcik,lukasz.wojcik,Łódź,PL",
    "Fatima Zahra Benali,fz.benali,Casablanca,MA",
    "Liam O'Brien,liam.obrien,Cork,IE",
    "Chloé Lefèvre,chloe.lefevre,Lyon,FR",
    "Søren Ågård,soren.agard,Århus,DK",
    "Priya Raghunathan,priya.r,Chennai,IN",
    "Mehmet Yıldız,mehmet.yildiz,İzmir,TR",
    "王 小明,xiaoming.wang,成都,CN",
    "Ana Beatriz Souza,ana.souza,Recife,BR",
    "Grace Wanjiru,grace.wanjiru,Nakuru,KE",
    "Noah Steiner,noah.steiner,Graz,AT",
    "Ioana Țepeș,ioana.tepes,Iași,RO",
    "김 지훈,jihun.kim,부산,KR",
    "Daniel Whitfield,daniel.whitfield,Leeds,GB",
    "Sofía Hernández,sofia.hdz,Oaxaca,MX",
    "Tomáš Dvořák,tomas.dvorak,Brno,CZ",
    "Hannah Goldberg,hannah.goldberg,Haifa,IL",
    "Kwame Mensah,kwame.mensah,Kumasi,GH",
)

FIRMS = (
    "Halden Bicycles AS", "Brightwater Labs", "Kestrel Logistics GmbH", "Ostrava Glassworks s.r.o.",
    "Pemberton & Daughters Ltd", "Tidepool Analytics", "Quillfeather Press", "Moorgate Ceramics",
    "Sakura Instruments 株式会社", "Andes Roasters SpA", "Vega Robotics B.V.", "Lumen & Oak LLC",
)  # fmt: skip

PRODUCTS = (
    ("Trail lamp L2", "SKU-40021", 49.90), ("Ceramic kettle, blue", "SKU-11873", 64.00),
    ("Standing desk frame", "SKU-90210", 389.00), ("Wool blanket 150×200", "SKU-55012", 89.50),
    ("Noise-cancelling headset", "SKU-70444", 212.00), ("Bike pannier, pair", "SKU-31337", 119.00),
    ("E-reader cover", "SKU-20655", 24.95), ("Espresso grinder G5", "SKU-61200", 274.00),
    ("Child seat, size 2", "SKU-82001", 158.90), ("Rain jacket M", "SKU-17749", 134.00),
)  # fmt: skip

COLLEAGUES = ("maria", "jonas", "aiko", "samuel")
"""The simulated reviewers beside you."""


def anyone(rng: Random) -> Person:
    """One person."""
    name, mail, city, country = rng.choice(_PEOPLE).split(",")
    return Person(name, f"{mail}@mail.example", city, country)


def given_name(person: Person) -> str:
    """How one would address the person."""
    return person.name.split(" ", maxsplit=1)[0]
