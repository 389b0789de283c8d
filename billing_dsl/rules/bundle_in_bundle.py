"""BD209."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Declared
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.rules import rule


@rule("BD209", Severity.ERROR)
def bundle_in_bundle(declared: Declared) -> Iterator[Finding]:
    """A service bundle that holds another bundle, or itself.

    Autotask's bundles hold services and nothing else (ServiceBundleServicesEntity). List the
    services of the inner bundle instead.

    Fails:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
        ---
        kind: service_bundle
        name: workplace
        title: Workplace
        period: monthly
        services: [seat]
        ---
        kind: service_bundle
        name: office
        title: Office
        period: monthly
        services: [workplace]

    Passes:

        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 40.00
        ---
        kind: service_bundle
        name: workplace
        title: Workplace
        period: monthly
        services: [seat]
        ---
        kind: service_bundle
        name: office
        title: Office
        period: monthly
        services: [seat]
    """
    catalogue = declared.shared.catalogue
    for bundle in catalogue.all(ServiceBundle):
        for name in bundle.services:
            inner = catalogue.named(ServiceBundle, name)
            if inner is None:
                continue
            itself = inner is bundle
            services = ", ".join(f"`{service}`" for service in inner.services)
            yield Finding(
                bundle.at("services", name),
                f"service bundle `{bundle.name}` holds "
                + ("itself" if itself else f"the bundle `{name}`"),
                label="a bundle, not a service",
                help="take it out" if itself else f"list its services instead: {services}",
                related=() if itself else (Label(inner.at("name"), f"the bundle `{name}`"),),
                subject=bundle.subject,
            )
