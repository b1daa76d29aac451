"""A provider of SAML as the sign-in service (Keycloak) has it."""

from __future__ import annotations

from services.partner_directory.providing import AttributeNames, SamlSays

PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
SECONDS_OF_SKEW = "10"


def saml_config(says: SamlSays) -> dict[str, str]:
    """Whatever it sends is signed, what it says of a person once more by itself; what we send too. There we are
    called by the address of the realm, which is what an empty `entityId` means.
    """
    return {
        "entityId": "", "idpEntityId": says.entity_id, "singleSignOnServiceUrl": says.sign_in_address,
        "singleLogoutServiceUrl": says.sign_out_address, "signingCertificate": ",".join(says.certificates),
        "postBindingAuthnRequest": _word(says.sign_in_by_post), "postBindingResponse": "true",
        "postBindingLogout": _word(says.sign_out_by_post), "backchannelSupported": "false",
        "validateSignature": "true", "wantAssertionsSigned": "true", "wantAssertionsEncrypted": "false",
        "wantAuthnRequestsSigned": "true", "signatureAlgorithm": "RSA_SHA256",
        "xmlSigKeyInfoKeyNameTransformer": "KEY_ID", "principalType": "SUBJECT", "nameIDPolicyFormat": PERSISTENT,
        "allowCreate": "true", "forceAuthn": "false", "allowedClockSkew": SECONDS_OF_SKEW, "syncMode": "IMPORT",
        "useMetadataDescriptorUrl": "false", "filteredByClaim": "false", "loginHint": "false",
    }  # fmt: skip


def saml_mappers(names: AttributeNames) -> list[tuple[str, str, dict[str, str]]]:
    """Name, kind and settings of each. There is no note of the session for an attribute, only for what the provider
    calls the person: so that is the address of this sign-in, and who it is, is the NameID all the same.
    """
    shapes: list[tuple[str, str, dict[str, str]]] = [
        ("username", "saml-username-idp-mapper",
         {"template": "${ALIAS}.${NAMEID}", "target": "LOCAL", "syncMode": "IMPORT"}),
        ("address now", "saml-username-idp-mapper",
         {"template": f"${{ATTRIBUTE.{names.email}}}", "target": "BROKER_USERNAME", "syncMode": "FORCE"}),
        ("address", "saml-user-attribute-idp-mapper",
         {"attribute.name": names.email, "user.attribute": "email", "syncMode": "IMPORT"}),
    ]  # fmt: skip
    shapes += [
        (field, "saml-user-attribute-idp-mapper",
         {"attribute.name": attribute, "user.attribute": field, "syncMode": "FORCE"})
        for field, attribute in (("firstName", names.given_name), ("lastName", names.family_name))
    ]  # fmt: skip
    return shapes


def _word(yes: bool) -> str:
    return "true" if yes else "false"
