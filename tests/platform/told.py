"""Statuses as a platform or a supplier's software would write them: by hand from the published format, not with our own writer."""

from datetime import datetime

from portal.kit.days import PARIS, now

CDAR = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossDomainAcknowledgementAndResponse xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <rsm:ExchangedDocumentContext>
    <ram:BusinessProcessSpecifiedDocumentContextParameter><ram:ID>REGULATED</ram:ID></ram:BusinessProcessSpecifiedDocumentContextParameter>
    <ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn.cpro.gouv.fr:1p0:CDV:invoice</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>
  </rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument>
    <ram:ID>CDV-{code}</ram:ID>
    <ram:IssueDateTime><udt:DateTimeString format="204">{at}</udt:DateTimeString></ram:IssueDateTime>
    <ram:SenderTradeParty><ram:RoleCode>WK</ram:RoleCode></ram:SenderTradeParty>
    <ram:IssuerTradeParty><ram:RoleCode>{role}</ram:RoleCode></ram:IssuerTradeParty>
    <ram:RecipientTradeParty><ram:RoleCode>WK</ram:RoleCode></ram:RecipientTradeParty>
  </rsm:ExchangedDocument>
  <rsm:AcknowledgementDocument>
    <ram:MultipleReferencesIndicator><udt:Indicator>false</udt:Indicator></ram:MultipleReferencesIndicator>
    <ram:TypeCode>{phase}</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="204">{at}</udt:DateTimeString></ram:IssueDateTime>
    <ram:ReferenceReferencedDocument>
      <ram:IssuerAssignedID>{number}</ram:IssuerAssignedID>
      <ram:TypeCode>389</ram:TypeCode>
      <ram:FormattedIssueDateTime><qdt:DateTimeString format="102">{issued}</qdt:DateTimeString></ram:FormattedIssueDateTime>
      <ram:ProcessConditionCode>{code}</ram:ProcessConditionCode>
      <ram:IssuerTradeParty><ram:GlobalID schemeID="0002">{siren}</ram:GlobalID><ram:RoleCode>SE</ram:RoleCode></ram:IssuerTradeParty>
      {detail}
    </ram:ReferenceReferencedDocument>
  </rsm:AcknowledgementDocument>
</rsm:CrossDomainAcknowledgementAndResponse>
"""
DETAIL = "<ram:SpecifiedDocumentStatus><ram:ReasonCode>{}</ram:ReasonCode><ram:Reason>{}</ram:Reason><ram:SequenceNumeric>1</ram:SequenceNumeric></ram:SpecifiedDocumentStatus>"
PHASES = {
    "200": "305",
    "201": "305",
    "202": "305",
    "203": "305",
    "213": "305",
    "220": "305",
    "221": "305",
    "501": "305",
}


def status(
    paper,
    code: str,
    at: datetime | None = None,
    reason: tuple[str, str] | None = None,
    *,
    siren: str = "",
    number: str = "",
) -> bytes:
    """Of that paper, unless another seller or number is named."""
    return CDAR.format(
        code=code, at=f"{(at or now()).astimezone(PARIS):%Y%m%d%H%M%S}", role="WK" if code in PHASES else "SE",
        phase=PHASES.get(code, "23"), number=number or paper["number"], issued=f"{paper['issued_on']:%Y%m%d}",
        siren=siren or paper["paper"]["seller"]["siren"], detail=DETAIL.format(*reason) if reason else "",
    ).encode()  # fmt: skip
