using Xunit;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>Provisioning templates, authorizers and TestAuthorization as boto3 sees them.</summary>
public sealed class ProvisioningOperationsTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public Task Templates_Boto3() => gateway.PythonAsync(
        """
        body = json.dumps({"Parameters": {"SerialNumber": {"Type": "String"}}, "Resources": {
            "thing": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": {"Ref": "SerialNumber"}}},
            "certificate": {"Type": "AWS::IoT::Certificate", "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}}}}})
        role = "arn:aws:iam::000000000000:role/provisioning"
        made = iot.create_provisioning_template(templateName="fleet", templateBody=body, enabled=True, provisioningRoleArn=role, description="d",
            preProvisioningHook={"targetArn": "arn:aws:lambda:edge:000000000000:function:check"}, tags=[{"Key": "k", "Value": "v"}])
        assert made["templateArn"].endswith(":provisioningtemplate/fleet") and made["defaultVersionId"] == 1, made
        refused("ResourceAlreadyExistsException", 409, iot.create_provisioning_template, templateName="fleet", templateBody=body, provisioningRoleArn=role)
        refused("InvalidRequestException", 400, iot.create_provisioning_template, templateName="bad", templateBody="{}", provisioningRoleArn=role)
        got = iot.describe_provisioning_template(templateName="fleet")
        assert got["templateBody"] == body and got["enabled"] and got["type"] == "FLEET_PROVISIONING" and got["preProvisioningHook"]["targetArn"].endswith("check"), got
        second = iot.create_provisioning_template_version(templateName="fleet", templateBody=body, setAsDefault=True)
        assert second["versionId"] == 2 and second["isDefaultVersion"], second
        assert [v["versionId"] for v in iot.list_provisioning_template_versions(templateName="fleet")["versions"]] == [1, 2]
        assert iot.describe_provisioning_template_version(templateName="fleet", versionId=1)["isDefaultVersion"] is False
        refused("DeleteConflictException", 409, iot.delete_provisioning_template_version, templateName="fleet", versionId=2)
        iot.delete_provisioning_template_version(templateName="fleet", versionId=1)
        claim = iot.create_provisioning_claim(templateName="fleet")
        assert len(claim["certificateId"]) == 64 and "PRIVATE KEY" in claim["keyPair"]["PrivateKey"] and claim["expiration"], claim
        assert claim["certificateId"] not in [c["certificateId"] for c in iot.list_certificates()["certificates"]]
        iot.update_provisioning_template(templateName="fleet", enabled=False, removePreProvisioningHook=True)
        assert "preProvisioningHook" not in iot.describe_provisioning_template(templateName="fleet")
        refused("InvalidRequestException", 400, iot.create_provisioning_claim, templateName="fleet")
        assert [t["templateName"] for t in iot.list_provisioning_templates()["templates"]] == ["fleet"]
        iot.delete_provisioning_template(templateName="fleet")
        refused("ResourceNotFoundException", 404, iot.describe_provisioning_template, templateName="fleet")
        """);

    [Fact]
    public Task RegisterThing_Boto3() => gateway.PythonAsync(
        """
        iot.create_policy(policyName="r-policy", policyDocument='{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:*","Resource":"*"}}')
        made = iot.create_keys_and_certificate(setAsActive=False)
        body = json.dumps({"Parameters": {"Name": {"Type": "String"}, "Certificate": {"Type": "String"}}, "Resources": {
            "thing": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": {"Ref": "Name"}, "AttributePayload": {"a": "b"}}},
            "certificate": {"Type": "AWS::IoT::Certificate", "Properties": {"CertificateId": {"Ref": "Certificate"}, "Status": "ACTIVE"}},
            "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "r-policy"}}}})
        answer = iot.register_thing(templateBody=body, parameters={"Name": "r-thing", "Certificate": made["certificateId"]})
        assert answer["certificatePem"] == made["certificatePem"] and answer["resourceArns"]["thing"].endswith(":thing/r-thing"), answer
        assert answer["resourceArns"]["certificate"] == made["certificateArn"] and answer["resourceArns"]["policy"].endswith(":policy/r-policy"), answer
        assert iot.describe_certificate(certificateId=made["certificateId"])["certificateDescription"]["status"] == "ACTIVE"
        assert iot.describe_thing(thingName="r-thing")["attributes"] == {"a": "b"}
        refused("InvalidRequestException", 400, iot.register_thing, templateBody=body, parameters={"Name": "other"})
        """);

    [Fact]
    public Task Authorizers_Boto3() => gateway.PythonAsync(
        """
        arn = "arn:aws:lambda:edge:000000000000:function:door"
        made = iot.create_authorizer(authorizerName="door", authorizerFunctionArn=arn, signingDisabled=True, enableCachingForHttp=True)
        assert made["authorizerArn"].endswith(":authorizer/door"), made
        refused("ResourceAlreadyExistsException", 409, iot.create_authorizer, authorizerName="door", authorizerFunctionArn=arn, signingDisabled=True)
        refused("InvalidRequestException", 400, iot.create_authorizer, authorizerName="keyless", authorizerFunctionArn=arn)
        got = iot.describe_authorizer(authorizerName="door")["authorizerDescription"]
        assert got["authorizerFunctionArn"] == arn and got["status"] == "ACTIVE" and got["signingDisabled"] and got["enableCachingForHttp"], got
        refused("ResourceNotFoundException", 404, iot.describe_default_authorizer)
        iot.set_default_authorizer(authorizerName="door")
        assert iot.describe_default_authorizer()["authorizerDescription"]["authorizerName"] == "door"
        refused("InvalidResponseException", 400, iot.test_invoke_authorizer, authorizerName="door", mqttContext={"username": "me", "clientId": "c"})
        refused("DeleteConflictException", 409, iot.delete_authorizer, authorizerName="door")
        iot.update_authorizer(authorizerName="door", status="INACTIVE")
        iot.clear_default_authorizer()
        assert [a["authorizerName"] for a in iot.list_authorizers(status="INACTIVE")["authorizers"]] == ["door"]
        iot.delete_authorizer(authorizerName="door")
        refused("ResourceNotFoundException", 404, iot.delete_authorizer, authorizerName="door")
        """);

    [Fact]
    public Task TestAuthorization_Boto3() => gateway.PythonAsync(
        """
        made = iot.create_keys_and_certificate(setAsActive=True)
        def policy(name, effect, resource):
            iot.create_policy(policyName=name, policyDocument=json.dumps({"Version": "2012-10-17", "Statement": {"Effect": effect, "Action": "iot:Publish", "Resource": resource}}))
        prefix = made["certificateArn"].rsplit(":", 1)[0]
        policy("t-allow", "Allow", prefix + ":topic/a/*")
        policy("t-deny", "Deny", prefix + ":topic/a/secret")
        iot.attach_policy(policyName="t-allow", target=made["certificateArn"])
        def test(topic, **more):
            answer = iot.test_authorization(principal=made["certificateArn"], authInfos=[{"actionType": "PUBLISH", "resources": [prefix + ":topic/" + topic]}], **more)
            return answer["authResults"][0]
        allowed = test("a/x")
        assert allowed["authDecision"] == "ALLOWED" and allowed["allowed"]["policies"][0]["policyName"] == "t-allow", allowed
        assert test("b")["authDecision"] == "IMPLICIT_DENY"
        denied = test("a/secret", policyNamesToAdd=["t-deny"])
        assert denied["authDecision"] == "EXPLICIT_DENY" and denied["denied"]["explicitDeny"]["policies"][0]["policyName"] == "t-deny", denied
        assert test("a/x", policyNamesToSkip=["t-allow"])["authDecision"] == "IMPLICIT_DENY"
        """);
}
