"""A CAP document that no rule of any profile has anything against, and where the real ones lie."""

import csv
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

REAL = Path(__file__).parents[1].parent / "shared" / "data" / "cap"
SCHEMA_FILES = {"1.2": "CAP-v1.2-os.xsd", "1.1": "cap11_google.xsd", "1.0": "cap10_google.xsd"}

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>urn:oid:2.49.0.1.804.0.2025.4.24.0.46.0</identifier>
  <sender>alerts@kyiv.example</sender>
  <sent>2025-04-24T00:46:00+03:00</sent>
  <status>Actual</status>
  <msgType>Update</msgType>
  <source>duty officer</source>
  <scope>Public</scope>
  <code>IPAWSv1.0</code>
  <code>profile:CAP-CP:1.0</code>
  <note>none</note>
  <references>alerts@kyiv.example,k-1.1,2025-04-24T00:36:00+03:00</references>
  <incidents>night "24 April"</incidents>
  <info>
    <language>en-CA</language>
    <category>Security</category>
    <category>Safety</category>
    <event>Ballistic missile attack</event>
    <responseType>Shelter</responseType>
    <urgency>Immediate</urgency>
    <severity>Extreme</severity>
    <certainty>Observed</certainty>
    <audience>everybody</audience>
    <eventCode><valueName>SAME</valueName><value>CDW</value></eventCode>
    <eventCode><valueName>profile:CAP-CP:Event:0.4</valueName><value>civil</value></eventCode>
    <expires>2025-04-24T06:46:00+03:00</expires>
    <senderName>Kyiv City Military Administration</senderName>
    <headline>Go to shelter</headline>
    <description>Ballistic missiles are flying towards the city.</description>
    <instruction>Go to shelter now.</instruction>
    <web>https://kyiv.example/alerts</web>
    <contact>112</contact>
    <parameter><valueName>level</valueName><value>1</value></parameter>
    <resource>
      <resourceDesc>Map</resourceDesc>
      <mimeType>image/png</mimeType>
      <size>5</size>
      <uri>map.png</uri>
      <derefUri>aGVsbG8=</derefUri>
      <digest>aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d</digest>
    </resource>
    <area>
      <areaDesc>Podil</areaDesc>
      <polygon>50.4,30.4 50.4,30.6 50.5,30.6 50.4,30.4</polygon>
      <circle>50.45,30.5 2.5</circle>
      <geocode><valueName>SAME</valueName><value>006109</value></geocode>
      <geocode><valueName>profile:CAP-CP:Location:0.3</valueName><value>47</value></geocode>
      <altitude>0</altitude>
      <ceiling>100.5</ceiling>
    </area>
  </info>
  <info>
    <language>fr-CA</language>
    <category>Safety</category>
    <category>Security</category>
    <event>Attaque de missiles</event>
    <responseType>Shelter</responseType>
    <urgency>Immediate</urgency>
    <severity>Extreme</severity>
    <certainty>Observed</certainty>
    <eventCode><valueName>SAME</valueName><value>CDW</value></eventCode>
    <eventCode><valueName>profile:CAP-CP:Event:0.4</valueName><value>civil</value></eventCode>
    <expires>2025-04-24T06:46:00+03:00</expires>
    <senderName>Kyiv</senderName>
    <headline>Allez aux abris</headline>
    <description>Des missiles volent vers la ville.</description>
    <instruction>Allez aux abris maintenant.</instruction>
    <web>https://kyiv.example/alertes</web>
    <contact>112</contact>
    <area>
      <areaDesc>Podil</areaDesc>
      <polygon>50.4,30.4 50.4,30.6 50.5,30.6 50.4,30.4</polygon>
      <geocode><valueName>SAME</valueName><value>006109</value></geocode>
      <geocode><valueName>profile:CAP-CP:Location:0.3</valueName><value>47</value></geocode>
    </area>
  </info>
</alert>
"""

GOOD_1_0 = """<alert xmlns="http://www.incident.com/cap/1.0">
  <identifier>k-2</identifier><sender>alerts@kyiv.example</sender><sent>2004-04-24T00:46:00+03:00</sent>
  <status>Actual</status><msgType>Update</msgType><password/><source/><scope>Public</scope><restriction/><addresses/>
  <code>a</code><note/><references>k-1/alerts@kyiv.example</references><incidents>a b</incidents>
  <info>
    <language>en</language><category>Met</category><event>Storm</event><urgency>Future</urgency>
    <severity>Minor</severity><certainty>Very Likely</certainty><audience/><eventCode>SAME=SVR</eventCode>
    <effective>2004-04-24T00:46:00Z</effective><onset>2004-04-24T00:46:00</onset>
    <expires>2004-04-24T06:46:00.5+03:00</expires><senderName/><headline/><description/><instruction/><web/><contact/>
    <parameter>a=b</parameter>
    <resource><resourceDesc/><mimeType/><size>1</size><uri/><digest/></resource>
    <area><areaDesc/><polygon>a b</polygon><circle/><geocode>a=b</geocode><altitude/><ceiling/></area>
  </info>
</alert>
"""


class Real(NamedTuple):
    """A file of the collection with the verdict of the official schema of its version."""

    path: Path
    is_alert: bool
    version: str
    schema_valid: bool


def real_files() -> list[Real]:
    """All of them; none where the collection is absent."""
    if not (REAL / "index.csv").exists():
        return []
    with (REAL / "index.csv").open(encoding="utf-8", newline="") as index:
        rows = list(csv.DictReader(index))
    return [Real(REAL / row["file"], row["kind"] == "alert", row["version"], row["xsd"] == "valid") for row in rows]


def official_schema(version: str) -> etree.XMLSchema:
    """The schema that the verdict is measured against; skips the test where it is absent."""
    path = REAL / "xsd" / SCHEMA_FILES[version]
    if not path.exists():
        pytest.skip(f"the official schema of CAP {version} is not at {path}")
    return etree.XMLSchema(etree.parse(path))
