"""The library's own check of the past (ETSI EN 319 102-1), years after all certificates ran out."""

import asyncio
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from asn1crypto import crl
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.validation.ades import ades_past_signature_validation
from pyhanko.sign.validation.policy_decl import LocalKnowledge, SignatureValidationSpec
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.poe import POEManager, POEType
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from reports.lasting import read_lasting
from reports.seal import asn1_certificate
from tests.reports.genuine import NOW, key
from tests.reports.test_lasting import KNOWN, lasting

YEAR = timedelta(days=365)


def judged_in_the_past(at: datetime, *, by_stamps: bool) -> AdESSubIndic:
    """Judge the seal `at` a later time, with the times that the stamps prove or with none."""
    signed = PdfFileReader(BytesIO(lasting())).embedded_regular_signatures[0].signed_data
    found = read_lasting(lasting(), KNOWN)
    first, last = (found.stamps[place].at if by_stamps else at for place in (0, -1))
    lists = [CRLContainer(crl.CertificateList.load(one)) for one in found.proofs.lists]
    chain = [asn1_certificate(one) for one in (key().certificate, key().authority)]
    proven = POEManager()
    signature = signed["signer_infos"][0]["signature"].native
    proven.register(signature, POEType.VALIDATION, dt=first)
    for one in (*lists, *chain):
        proven.register(one, POEType.VALIDATION, dt=last)
    strict = CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("require"))
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=chain[-1:]), revinfo_policy=strict
    )
    wanted = SignatureValidationSpec(
        cert_validation_policy=policy,
        local_knowledge=LocalKnowledge(known_crls=lists, known_certs=chain),
    )
    return asyncio.run(
        ades_past_signature_validation(
            signed, wanted, proven, AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, init_control_time=at
        )
    )


@pytest.mark.parametrize("years", [1, 4, 9])
def test_a_lasting_report_holds_years_later(years: int) -> None:
    assert judged_in_the_past(NOW + years * YEAR, by_stamps=True) is AdESPassed.OK


def test_without_the_stamps_nothing_would_prove_it() -> None:
    assert judged_in_the_past(NOW + 4 * YEAR, by_stamps=False) is AdESIndeterminate.NO_POE
