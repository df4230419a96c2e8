using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Provisioning;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using Xunit;

namespace EdgeGateway.Tests.Identity.Provisioning;

public sealed class FleetProvisioningTests : IDisposable
{
    private const string Template = """
        {
          "Parameters": { "SerialNumber": { "Type": "String" }, "AWS::IoT::Certificate::Id": { "Type": "String" } },
          "Resources": {
            "thing": { "Type": "AWS::IoT::Thing", "Properties": { "ThingName": { "Fn::Sub": "pump-${SerialNumber}" }, "AttributePayload": { "serial": { "Ref": "SerialNumber" } } } },
            "certificate": { "Type": "AWS::IoT::Certificate", "Properties": { "CertificateId": { "Ref": "AWS::IoT::Certificate::Id" }, "Status": "ACTIVE" } },
            "policy": { "Type": "AWS::IoT::Policy", "Properties": { "PolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"}}" } }
          },
          "DeviceConfiguration": { "interval": "5s" }
        }
        """;

    private readonly IdentityHouse _house = new("identity: { hooks: { serials: { allow: serials.txt } } }", realRegistry: true);

    public void Dispose() => _house.Dispose();

    [Theory]
    [InlineData("json")]
    [InlineData("cbor")]
    public async Task Claim_CreateKeysThenRegister_DeviceConnects(string format)
    {
        await CreateTemplateAsync();

        var created = await AskAsync($"$aws/certificates/create/{format}", null);
        var id = created["certificateId"]!.GetValue<string>();
        Assert.Equal(CertificateStatus.PendingActivation, _house.Certificates.Find(id)!.Status);
        var registered = await RegisterAsync(format, created["certificateOwnershipToken"]!.GetValue<string>(), "77");

        Assert.Equal("""{"deviceConfiguration":{"interval":"5s"},"thingName":"pump-77"}""", registered.ToJsonString());
        using var certificate = X509Certificate2.CreateFromPem(created["certificatePem"]!.GetValue<string>(), created["privateKey"]!.GetValue<string>());
        var result = await _house.Authenticator.AuthenticateAsync(new ConnectCredentials { Listener = ListenerKind.Mqtts, ClientCertificate = certificate }, default);
        var principal = Assert.IsType<AuthenticationResult.Accepted>(result).Principal;
        Assert.True(_house.Authorizer.Open(new ConnectionRequest(principal, "pump-77", null)).MayConnect());
        Assert.True(_house.Get<IThingCatalog>().IsAttached("pump-77", _house.Arns.Certificate(id)));
        Assert.All(_house.Bus.Published, answer => Assert.Equal("claim-1", answer.OnlyTo));
    }

    [Fact]
    public async Task Claim_CreateFromCsr_KeyStaysWithTheDevice()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = new CertificateRequest("CN=mine", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

        var created = await AskAsync("$aws/certificates/create-from-csr/json", new JsonObject { ["certificateSigningRequest"] = csr });

        Assert.False(created.ContainsKey("privateKey"));
        using var certificate = X509Certificate2.CreateFromPem(created["certificatePem"]!.GetValue<string>());
        Assert.Equal("CN=mine", certificate.Subject);
        var refused = await AskAsync("$aws/certificates/create-from-csr/json", new JsonObject { ["certificateSigningRequest"] = "no" }, "/rejected");
        Assert.Equal((400, "InvalidCSR"), (refused["statusCode"]!.GetValue<int>(), refused["errorCode"]!.GetValue<string>()));
    }

    [Fact]
    public async Task RegisterThing_Again_SameAnswer_OtherParametersRefused()
    {
        await CreateTemplateAsync();
        var token = await TokenAsync();

        var first = await RegisterAsync("json", token, "1");
        var again = await RegisterAsync("json", token, "1");
        var other = await RegisterAsync("json", token, "2", "/rejected");

        Assert.True(JsonNode.DeepEquals(first, again));
        Assert.Equal("InvalidCertificateOwnershipToken", other["errorCode"]!.GetValue<string>());
        Assert.Single(_house.Get<IThingCatalog>().Things);
    }

    [Theory]
    [InlineData("", 400, "InvalidCertificateOwnershipToken")]
    [InlineData("made up", 400, "InvalidCertificateOwnershipToken")]
    public async Task RegisterThing_NoToken_Refused(string token, int status, string code)
    {
        await CreateTemplateAsync();

        var refused = await RegisterAsync("json", token, "1", "/rejected");

        Assert.Equal((status, code), (refused["statusCode"]!.GetValue<int>(), refused["errorCode"]!.GetValue<string>()));
    }

    [Fact]
    public async Task RegisterThing_TokenOfSomebodyElseOrEnded_Refused()
    {
        await CreateTemplateAsync();
        var token = await TokenAsync();

        Assert.Equal("InvalidCertificateOwnershipToken", (await RegisterAsync("json", token, "1", "/rejected", principal: "other"))["errorCode"]!.GetValue<string>());
        _house.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("InvalidCertificateOwnershipToken", (await RegisterAsync("json", token, "1", "/rejected"))["errorCode"]!.GetValue<string>());
        await _house.Get<FleetProvisioning>().ForgetEndedAsync();
        Assert.Empty(_house.Certificates.List(null));
    }

    [Fact]
    public async Task RegisterThing_FailsHalfWay_NothingStays()
    {
        var body = Template.Replace("\"Type\": \"AWS::IoT::Thing\", \"Properties\": {", "\"Type\": \"AWS::IoT::Thing\", \"Properties\": { \"ThingTypeName\": \"Unknown\",", StringComparison.Ordinal);
        await CreateTemplateAsync(body);
        var created = await AskAsync("$aws/certificates/create/json", null);
        var id = created["certificateId"]!.GetValue<string>();

        var refused = await RegisterAsync("json", created["certificateOwnershipToken"]!.GetValue<string>(), "1", "/rejected");

        Assert.Equal((404, "ResourceNotFound"), (refused["statusCode"]!.GetValue<int>(), refused["errorCode"]!.GetValue<string>()));
        Assert.Empty(_house.Get<IThingCatalog>().Things);
        Assert.Empty(_house.Policies.List());
        Assert.Empty(_house.Policies.AttachedTo(_house.Arns.Certificate(id)));
        Assert.Equal(CertificateStatus.PendingActivation, _house.Certificates.Find(id)!.Status);
    }

    [Fact]
    public async Task RegisterThing_ThingExistsOtherwise_Conflict()
    {
        await CreateTemplateAsync();
        await _house.Get<IThings>().CreateAsync("pump-1", null, new Dictionary<string, string> { ["serial"] = "other" }, null, default);

        var refused = await RegisterAsync("json", await TokenAsync(), "1", "/rejected");

        Assert.Equal((409, "ResourceConflict"), (refused["statusCode"]!.GetValue<int>(), refused["errorCode"]!.GetValue<string>()));
    }

    [Fact]
    public async Task RegisterThing_Hook_LetsInOnlyWhatItsListNames()
    {
        await File.WriteAllLinesAsync(Path.Combine(_house.Folder, "serials.txt"), ["41", "42"]);
        await CreateTemplateAsync(hook: """{ "targetArn": "arn:aws:lambda:edge:000000000000:function:serials" }""");

        Assert.Equal("pump-42", (await RegisterAsync("json", await TokenAsync(), "42"))["thingName"]!.GetValue<string>());
        Assert.Equal("AccessDenied", (await RegisterAsync("json", await TokenAsync(), "43", "/rejected"))["errorCode"]!.GetValue<string>());
    }

    [Fact]
    public async Task RegisterThing_HookNotConfigured_Refused()
    {
        await CreateTemplateAsync(hook: """{ "targetArn": "arn:aws:lambda:edge:000000000000:function:nobody" }""");

        Assert.Equal(403, (await RegisterAsync("json", await TokenAsync(), "1", "/rejected"))["statusCode"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("[]", "InvalidRequest")]
    [InlineData("{", "InvalidRequest")]
    [InlineData("""{ "certificateOwnershipToken": 7 }""", "InvalidCertificateOwnershipToken")]
    public async Task Payload_Garbage_RefusedByName(string payload, string code)
    {
        var refused = await AskRawAsync("$aws/provisioning-templates/T1/provision/json", Encoding.UTF8.GetBytes(payload), "claim", "/rejected");

        Assert.Equal(code, refused["errorCode"]!.GetValue<string>());
    }

    private async Task CreateTemplateAsync(string body = Template, string? hook = null) =>
        await _house.Get<IProvisioningTemplates>().CreateAsync("T1", "FLEET_PROVISIONING", body, enabled: true, null, null, hook, IdentityHouse.Actor);

    private async Task<string> TokenAsync() => (await AskAsync("$aws/certificates/create/json", null))["certificateOwnershipToken"]!.GetValue<string>();

    private Task<JsonObject> RegisterAsync(string format, string token, string serial, string suffix = "/accepted", string principal = "claim") => AskAsync(
        $"$aws/provisioning-templates/T1/provision/{format}",
        new JsonObject { ["certificateOwnershipToken"] = token, ["parameters"] = new JsonObject { ["SerialNumber"] = serial } }, suffix, principal);

    private Task<JsonObject> AskAsync(string topic, JsonObject? payload, string suffix = "/accepted", string principal = "claim") =>
        AskRawAsync(topic, payload is null ? [] : topic.EndsWith("cbor", StringComparison.Ordinal) ? CborJson.Write(payload) : Encoding.UTF8.GetBytes(payload.ToJsonString()), principal, suffix);

    /// <summary>Through the service, as from the broker; returns the answer it published.</summary>
    private async Task<JsonObject> AskRawAsync(string topic, byte[] payload, string principal, string suffix)
    {
        var service = _house.Get<FleetProvisioningService>();
        var answered = _house.Bus.NextAsync();
        await service.StartAsync(default);
        _house.Bus.Deliver(new ApplicationMessage(topic, payload) { ClientId = "claim-1", PrincipalId = principal });
        var answer = await answered.WaitAsync(TimeSpan.FromSeconds(30));
        await service.StopAsync(default);
        Assert.Equal(topic + suffix, answer.Topic);
        return (topic.EndsWith("cbor", StringComparison.Ordinal) ? CborJson.Read(answer.Payload.Span) : JsonNode.Parse(answer.Payload.Span))!.AsObject();
    }
}
