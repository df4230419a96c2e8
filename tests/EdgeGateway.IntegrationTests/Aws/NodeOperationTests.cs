using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EdgeGateway.IntegrationTests.Identity;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>The operations of tier A that <see cref="NodeSdkTests"/> does not come to, with AWS's SDK for JavaScript.</summary>
public sealed class NodeOperationTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public Task CertificateAuthorities()
    {
        using var ca = new OwnCa("node");
        using var device = ca.Issue("CN=node-device");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var given = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["ca"] = ca.Pem, ["device"] = device.ExportCertificatePem(), ["csr"] = new CertificateRequest("CN=node-own", key, HashAlgorithmName.SHA256).CreateSigningRequestPem(),
        });
        return gateway.AwsSdkAsync(
            $$"""
            const given = {{given}};
            await refused("CertificateValidationException", 400, call("RegisterCACertificate", { caCertificate: given.device, certificateMode: "SNI_ONLY" }));
            const { certificateId: id } = await call("RegisterCACertificate", { caCertificate: given.ca, certificateMode: "SNI_ONLY", setAsActive: true });
            await refused("ResourceAlreadyExistsException", 409, call("RegisterCACertificate", { caCertificate: given.ca, certificateMode: "SNI_ONLY" }));
            assert.strictEqual((await call("DescribeCACertificate", { certificateId: id })).certificateDescription.certificateMode, "SNI_ONLY");
            await refused("ResourceNotFoundException", 404, call("DescribeCACertificate", { certificateId: "0".repeat(64) }));
            await call("UpdateCACertificate", { certificateId: id, newAutoRegistrationStatus: "ENABLE" });
            await refused("ResourceNotFoundException", 404, call("UpdateCACertificate", { certificateId: id, registrationConfig: { templateName: "none" } }));
            assert.deepStrictEqual(names((await call("ListCACertificates")).certificates, "certificateId"), [id]);
            const { certificateId: child } = await call("RegisterCertificate", { certificatePem: given.device, caCertificatePem: given.ca, status: "INACTIVE" });
            assert.deepStrictEqual(names((await call("ListCertificatesByCA", { caCertificateId: id })).certificates, "certificateId"), [child]);
            const own = await call("CreateCertificateFromCsr", { certificateSigningRequest: given.csr });
            assert.match(own.certificatePem, /BEGIN CERTIFICATE/);
            await refused("InvalidRequestException", 400, call("CreateCertificateFromCsr", { certificateSigningRequest: "no" }));
            await refused("CertificateStateException", 406, call("DeleteCACertificate", { certificateId: id }));
            await call("UpdateCACertificate", { certificateId: id, newStatus: "INACTIVE" });
            await call("DeleteCACertificate", { certificateId: id });
            for (const certificateId of [child, own.certificateId]) await call("DeleteCertificate", { certificateId });
            await call("GetRegistrationCode");
            await call("DeleteRegistrationCode");
            """);
    }

    [Fact]
    public Task AuthorizersAndAuthorization() => gateway.AwsSdkAsync(
        """
        const authorizerFunctionArn = "arn:aws:lambda:edge:000000000000:function:gate";
        await call("CreateAuthorizer", { authorizerName: "n-gate", authorizerFunctionArn, signingDisabled: true, status: "ACTIVE" });
        await refused("ResourceAlreadyExistsException", 409, call("CreateAuthorizer", { authorizerName: "n-gate", authorizerFunctionArn, signingDisabled: true }));
        assert.ok((await call("DescribeAuthorizer", { authorizerName: "n-gate" })).authorizerDescription.creationDate instanceof Date);
        await refused("ResourceNotFoundException", 404, call("DescribeAuthorizer", { authorizerName: "none" }));
        assert.ok(names((await call("ListAuthorizers", { status: "ACTIVE" })).authorizers, "authorizerName").includes("n-gate"));
        await refused("ResourceNotFoundException", 404, call("DescribeDefaultAuthorizer"));
        await call("SetDefaultAuthorizer", { authorizerName: "n-gate" });
        assert.strictEqual((await call("DescribeDefaultAuthorizer")).authorizerDescription.authorizerName, "n-gate");
        const said = await call("TestInvokeAuthorizer", { authorizerName: "n-gate", mqttContext: { username: "me", password: Buffer.from("secret"), clientId: "c" } });
        assert.deepStrictEqual([said.isAuthenticated, said.principalId, said.disconnectAfterInSeconds], [true, "gate", 3600]);
        await refused("ResourceNotFoundException", 404, call("TestInvokeAuthorizer", { authorizerName: "none" }));
        await call("ClearDefaultAuthorizer");
        await refused("ResourceNotFoundException", 404, call("ClearDefaultAuthorizer"));
        await call("UpdateAuthorizer", { authorizerName: "n-gate", status: "INACTIVE" });
        await call("DeleteAuthorizer", { authorizerName: "n-gate" });
        const { certificateArn: principal, certificateId } = await call("CreateKeysAndCertificate", { setAsActive: true });
        const denied = await call("TestAuthorization", { principal, authInfos: [{ actionType: "CONNECT", resources: ["arn:aws:iot:edge:000000000000:client/x"] }] });
        assert.strictEqual(denied.authResults[0].authDecision, "IMPLICIT_DENY");
        await refused("InvalidRequestException", 400, call("TestAuthorization", { principal, authInfos: [] }));
        await call("UpdateCertificate", { certificateId, newStatus: "INACTIVE" });
        await call("DeleteCertificate", { certificateId });
        """);

    [Fact]
    public Task ProvisioningTemplates() => gateway.AwsSdkAsync(
        """
        const templateName = "n-fleet", provisioningRoleArn = "arn:aws:iam::000000000000:role/x";
        const templateBody = JSON.stringify({ Parameters: { Name: { Type: "String" } }, Resources: { thing: { Type: "AWS::IoT::Thing", Properties: { ThingName: { Ref: "Name" } } } } });
        assert.strictEqual((await call("CreateProvisioningTemplate", { templateName, templateBody, provisioningRoleArn, enabled: true })).defaultVersionId, 1);
        await refused("InvalidRequestException", 400, call("CreateProvisioningTemplate", { templateName: "n-bad", templateBody: "{}", provisioningRoleArn }));
        assert.ok((await call("DescribeProvisioningTemplate", { templateName })).creationDate instanceof Date);
        assert.ok(names((await call("ListProvisioningTemplates")).templates, "templateName").includes(templateName));
        assert.strictEqual((await call("CreateProvisioningTemplateVersion", { templateName, templateBody, setAsDefault: true })).versionId, 2);
        assert.deepStrictEqual(names((await call("ListProvisioningTemplateVersions", { templateName })).versions, "versionId"), [1, 2]);
        assert.strictEqual((await call("DescribeProvisioningTemplateVersion", { templateName, versionId: 2 })).isDefaultVersion, true);
        await refused("DeleteConflictException", 409, call("DeleteProvisioningTemplateVersion", { templateName, versionId: 2 }));
        await call("DeleteProvisioningTemplateVersion", { templateName, versionId: 1 });
        assert.ok((await call("CreateProvisioningClaim", { templateName })).expiration > new Date());
        await call("UpdateProvisioningTemplate", { templateName, enabled: false });
        await call("DeleteProvisioningTemplate", { templateName });
        await refused("ResourceNotFoundException", 404, call("DescribeProvisioningTemplate", { templateName }));
        await refused("InvalidRequestException", 400, call("RegisterThing", { templateBody, parameters: {} }));
        const { certificateId, certificateArn } = await call("CreateKeysAndCertificate", {});
        const body = JSON.stringify({ Parameters: { Name: { Type: "String" }, Certificate: { Type: "String" } }, Resources: {
          thing: { Type: "AWS::IoT::Thing", Properties: { ThingName: { Ref: "Name" } } },
          certificate: { Type: "AWS::IoT::Certificate", Properties: { CertificateId: { Ref: "Certificate" }, Status: "INACTIVE" } } } });
        const registered = await call("RegisterThing", { templateBody: body, parameters: { Name: "n-made", Certificate: certificateId } });
        assert.strictEqual(registered.resourceArns.certificate, certificateArn);
        await call("DetachThingPrincipal", { thingName: "n-made", principal: certificateArn });
        await call("DeleteCertificate", { certificateId });
        await call("DeleteThing", { thingName: "n-made" });
        """);

    [Fact]
    public Task RulesAndShadows() => gateway.AwsSdkAsync(
        """
        const ruleName = "n_rule", rule = sql => ({ sql, awsIotSqlVersion: "2016-03-23", actions: [{ republish: { roleArn: "arn:aws:iam::000000000000:role/x", topic: "n/out" } }] });
        await call("CreateTopicRule", { ruleName, topicRulePayload: rule("SELECT * FROM 'n/in'") });
        await refused("SqlParseException", 400, call("CreateTopicRule", { ruleName: "n_bad", topicRulePayload: rule("SELEKT") }));
        const got = (await call("GetTopicRule", { ruleName })).rule;
        assert.ok(got.createdAt instanceof Date && got.actions[0].republish.topic === "n/out");
        await refused("UnauthorizedException", 401, call("GetTopicRule", { ruleName: "none" }));
        assert.ok(names((await call("ListTopicRules", { topic: "n/in" })).rules, "ruleName").includes(ruleName));
        await call("ReplaceTopicRule", { ruleName, topicRulePayload: rule("SELECT a FROM 'n/in'") });
        await call("DisableTopicRule", { ruleName });
        assert.strictEqual((await call("GetTopicRule", { ruleName })).rule.ruleDisabled, true);
        await call("EnableTopicRule", { ruleName });
        await call("DeleteTopicRule", { ruleName });

        const thingName = "n-lamp", shadowName = "s", payload = document => Buffer.from(JSON.stringify(document)), read = answer => JSON.parse(Buffer.from(answer.payload).toString());
        assert.strictEqual(read(await dataCall("UpdateThingShadow", { thingName, shadowName, payload: payload({ state: { desired: { on: true } } }) })).version, 1);
        await refused("ConflictException", 409, dataCall("UpdateThingShadow", { thingName, shadowName, payload: payload({ state: {}, version: 7 }) }));
        await refused("InvalidRequestException", 400, dataCall("UpdateThingShadow", { thingName, shadowName, payload: Buffer.from("{") }));
        assert.deepStrictEqual(read(await dataCall("GetThingShadow", { thingName, shadowName })).state.delta, { on: true });
        assert.deepStrictEqual((await dataCall("ListNamedShadowsForThing", { thingName })).results, [shadowName]);
        await dataCall("DeleteThingShadow", { thingName, shadowName });
        await refused("ResourceNotFoundException", 404, dataCall("GetThingShadow", { thingName, shadowName }));
        """);

    [Fact]
    public Task DeleteConnection_OfALiveDevice_IsToldWhy() => gateway.AwsSdkAsync(
        """
        const { mqtt5, iot: device } = require("aws-iot-device-sdk-v2");
        const made = await call("CreateKeysAndCertificate", { setAsActive: true });
        await call("CreatePolicy", { policyName: "n-live", policyDocument: JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "iot:*", Resource: "*" } }) });
        await call("AttachPolicy", { policyName: "n-live", target: made.certificateArn });
        const builder = device.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromMemory("127.0.0.1", made.certificatePem, made.keyPair.PrivateKey);
        builder.withCertificateAuthorityFromPath(undefined, process.env.CA_FILE);
        builder.withPort(parseInt(process.env.MQTTS_PORT));
        builder.withConnectProperties({ clientId: "n-live", keepAliveIntervalSeconds: 60 });
        const client = new mqtt5.Mqtt5Client(builder.build());
        const connected = new Promise((resolve, reject) => { client.on("connectionSuccess", resolve); client.on("connectionFailure", event => reject(event.error)); });
        const closed = new Promise(resolve => client.on("disconnection", resolve));
        client.start();
        await connected;
        await dataCall("DeleteConnection", { clientId: "n-live" });
        assert.strictEqual((await closed).disconnect.reasonCode, mqtt5.DisconnectReasonCode.AdministrativeAction);
        process.exit(0);
        """);
}
