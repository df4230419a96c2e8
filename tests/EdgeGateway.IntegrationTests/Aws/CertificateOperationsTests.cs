using Xunit;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>Certificates, policies and the data plane as boto3 sees them.</summary>
public sealed class CertificateOperationsTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public Task Certificates_Boto3() => gateway.PythonAsync(
        """
        made = iot.create_keys_and_certificate(setAsActive=True)
        assert made["certificateArn"].endswith(":cert/" + made["certificateId"]) and len(made["certificateId"]) == 64
        assert made["certificatePem"].startswith("-----BEGIN CERTIFICATE") and "PRIVATE KEY" in made["keyPair"]["PrivateKey"] and "PUBLIC KEY" in made["keyPair"]["PublicKey"]
        described = iot.describe_certificate(certificateId=made["certificateId"])["certificateDescription"]
        assert described["status"] == "ACTIVE" and described["certificatePem"] == made["certificatePem"], described
        assert described["validity"]["notAfter"].year == 2049 and described["creationDate"].year >= 2024
        taken = refused("ResourceAlreadyExistsException", 409, iot.register_certificate_without_ca, certificatePem=made["certificatePem"])
        assert taken["resourceId"] == made["certificateId"]
        refused("CertificateStateException", 406, iot.delete_certificate, certificateId=made["certificateId"])
        iot.create_thing(thingName="c-thing")
        iot.attach_thing_principal(thingName="c-thing", principal=made["certificateArn"])
        refused("ResourceNotFoundException", 404, iot.attach_thing_principal, thingName="c-thing", principal=made["certificateArn"][:-64] + "0" * 64)
        refused("InvalidRequestException", 400, iot.attach_thing_principal, thingName="c-thing", principal="nobody")
        assert iot.list_thing_principals(thingName="c-thing")["principals"] == [made["certificateArn"]]
        assert iot.list_principal_things(principal=made["certificateArn"])["things"] == ["c-thing"]
        if has("list_thing_principals_v2"):
            assert iot.list_thing_principals_v2(thingName="c-thing")["thingPrincipalObjects"] == [{"principal": made["certificateArn"], "thingPrincipalType": "NON_EXCLUSIVE_THING"}]
            assert iot.list_principal_things_v2(principal=made["certificateArn"])["principalThingObjects"] == [{"thingName": "c-thing", "thingPrincipalType": "NON_EXCLUSIVE_THING"}]
        refused("InvalidRequestException", 400, iot.delete_thing, thingName="c-thing")
        iot.update_certificate(certificateId=made["certificateId"], newStatus="INACTIVE")
        refused("DeleteConflictException", 409, iot.delete_certificate, certificateId=made["certificateId"], forceDelete=True)
        iot.detach_thing_principal(thingName="c-thing", principal=made["certificateArn"])
        iot.delete_certificate(certificateId=made["certificateId"])
        refused("ResourceNotFoundException", 404, iot.describe_certificate, certificateId=made["certificateId"])
        ids = [iot.create_keys_and_certificate()["certificateId"] for _ in range(3)]
        listed = [c["certificateId"] for c in pages("list_certificates", "certificates", PaginationConfig={"PageSize": 1}) if c["certificateId"] in ids]
        assert listed == ids, (listed, ids)
        listed = [c["certificateId"] for c in pages("list_certificates", "certificates", ascendingOrder=False, PaginationConfig={"PageSize": 2}) if c["certificateId"] in ids]
        assert listed == ids[::-1]
        assert all(c["status"] == "INACTIVE" for c in iot.list_certificates()["certificates"] if c["certificateId"] in ids)
        code = iot.get_registration_code()["registrationCode"]
        assert len(code) == 64 and iot.get_registration_code()["registrationCode"] == code
        refused("CertificateValidationException", 400, iot.register_ca_certificate, caCertificate="nonsense", verificationCertificate="nonsense")
        assert iot.list_ca_certificates()["certificates"] == []
        refused("ResourceNotFoundException", 404, iot.describe_ca_certificate, certificateId="0" * 64)
        """);

    [Fact]
    public Task Policies_Boto3() => gateway.PythonAsync(
        """
        document = '{ "Version": "2012-10-17",  "Statement": { "Effect": "Allow", "Action": "iot:Connect", "Resource": "*" } }'
        made = iot.create_policy(policyName="p+=,.@-", policyDocument=document, tags=[{"Key": "k", "Value": "v"}])
        assert made["policyDocument"] == document and made["policyVersionId"] == "1" and made["policyArn"].endswith(":policy/p+=,.@-"), made
        refused("ResourceAlreadyExistsException", 409, iot.create_policy, policyName="p+=,.@-", policyDocument=document)
        refused("MalformedPolicyException", 400, iot.create_policy, policyName="q", policyDocument="{}")
        got = iot.get_policy(policyName="p+=,.@-")
        assert got["policyDocument"] == document and got["defaultVersionId"] == "1" and got["creationDate"] and got["generationId"]
        for expected in "2345":
            assert iot.create_policy_version(policyName="p+=,.@-", policyDocument=document, setAsDefault=expected == "2")["policyVersionId"] == expected
        refused("VersionsLimitExceededException", 409, iot.create_policy_version, policyName="p+=,.@-", policyDocument=document)
        refused("DeleteConflictException", 409, iot.delete_policy_version, policyName="p+=,.@-", policyVersionId="2")
        iot.set_default_policy_version(policyName="p+=,.@-", policyVersionId="1")
        versions = iot.list_policy_versions(policyName="p+=,.@-")["policyVersions"]
        assert sorted(v["versionId"] for v in versions) == list("12345") and [v["versionId"] for v in versions if v["isDefaultVersion"]] == ["1"]
        assert iot.get_policy_version(policyName="p+=,.@-", policyVersionId="3")["isDefaultVersion"] is False
        certificate = iot.create_keys_and_certificate(setAsActive=True)
        arn = certificate["certificateArn"]
        iot.create_thing_group(thingGroupName="pg-root"); iot.create_thing_group(thingGroupName="pg", parentGroupName="pg-root")
        group = "arn:aws:iot:edge:000000000000:thinggroup/"
        iot.attach_policy(policyName="p+=,.@-", target=arn)
        iot.attach_policy(policyName="p+=,.@-", target=group + "pg-root")
        refused("ResourceNotFoundException", 404, iot.attach_policy, policyName="none", target=arn)
        refused("ResourceNotFoundException", 404, iot.attach_policy, policyName="p+=,.@-", target=group + "none")
        assert [p["policyName"] for p in iot.list_attached_policies(target=arn)["policies"]] == ["p+=,.@-"]
        assert iot.list_attached_policies(target=group + "pg")["policies"] == []
        assert [p["policyName"] for p in iot.list_attached_policies(target=group + "pg", recursive=True)["policies"]] == ["p+=,.@-"]
        assert iot.list_targets_for_policy(policyName="p+=,.@-")["targets"] == sorted([arn, group + "pg-root"])
        assert iot.list_policy_principals(policyName="p+=,.@-")["principals"] == [arn]
        assert [p["policyName"] for p in iot.list_principal_policies(principal=arn)["policies"]] == ["p+=,.@-"]
        iot.create_thing(thingName="p-thing"); iot.add_thing_to_thing_group(thingGroupName="pg", thingName="p-thing")
        assert [p["policyDocument"] for p in iot.get_effective_policies(thingName="p-thing")["effectivePolicies"]] == [document]
        refused("DeleteConflictException", 409, iot.delete_policy, policyName="p+=,.@-")
        iot.detach_principal_policy(policyName="p+=,.@-", principal=arn)
        iot.attach_principal_policy(policyName="p+=,.@-", principal=arn)
        iot.detach_policy(policyName="p+=,.@-", target=arn); iot.detach_policy(policyName="p+=,.@-", target=group + "pg-root")
        for version in "2345":
            iot.delete_policy_version(policyName="p+=,.@-", policyVersionId=version)
        assert "p+=,.@-" in [p["policyName"] for p in pages("list_policies", "policies")]
        iot.delete_policy(policyName="p+=,.@-")
        refused("ResourceNotFoundException", 404, iot.get_policy, policyName="p+=,.@-")
        """);

    [Fact]
    public Task Messages_Boto3() => gateway.PythonAsync(
        """
        import base64
        data.publish(topic="room/1/state", qos=1, retain=True, payload=b"\x00\xff")
        got = data.get_retained_message(topic="room/1/state")
        assert got["payload"] == b"\x00\xff" and got["qos"] == 1 and got["lastModifiedTime"] > 1700000000000, got
        for i in range(5):
            data.publish(topic=f"kept/{i}", qos=0, retain=True, payload=b"x" * i + b"y")
        listed = [m for page in data.get_paginator("list_retained_messages").paginate(PaginationConfig={"PageSize": 2}) for m in page["retainedTopics"]]
        assert [m["topic"] for m in listed if m["topic"].startswith("kept/")] == [f"kept/{i}" for i in range(5)], listed
        assert [m["payloadSize"] for m in listed if m["topic"] == "kept/3"] == [4]
        data.publish(topic="kept/0", retain=True, payload=b"")
        refused("ResourceNotFoundException", 404, data.get_retained_message, topic="kept/0")
        refused("InvalidRequestException", 400, data.publish, topic="a/#", payload=b"x")
        refused("InvalidRequestException", 400, data.publish, topic="$SYS/x", payload=b"x")
        refused("InvalidRequestException", 400, data.publish, topic="a", qos=2, payload=b"x")
        refused("RequestEntityTooLargeException", 413, data.publish, topic="a", payload=b"x" * 131073)
        data.publish(topic="a", payload=b"x" * 131072)
        assert iot.describe_endpoint(endpointType="iot:Data-ATS")["endpointAddress"] == iot.describe_endpoint()["endpointAddress"]
        refused("InvalidRequestException", 400, iot.describe_endpoint, endpointType="iot:Other")
        if hasattr(data, "delete_connection"):
            refused("ResourceNotFoundException", 404, data.delete_connection, clientId="nobody")
        """);
}
