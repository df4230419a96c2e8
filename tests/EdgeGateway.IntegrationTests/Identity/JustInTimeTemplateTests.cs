using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Provisioning;
using EdgeGateway.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>A CA that names a JITP template: its devices become things at their first handshake.</summary>
public sealed class JustInTimeTemplateTests
{
    [Fact]
    public async Task TemplateByName_FirstHandshake_ProvisionsByItsDefaultVersion()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        using var works = new OwnCa("works");
        await folder.WriteAsync("works.pem", works.Pem);
        var templates = gateway.Services.GetRequiredService<IProvisioningTemplates>();
        var things = gateway.Services.GetRequiredService<IThingCatalog>();
        await templates.CreateAsync("meters", "JITP", Template("first"), enabled: true, description: null, roleArn: null, hook: null, "test");
        (await gateway.CliAsync("cert", "ca", "register", folder.In("works.pem"), "--auto-registration", "--template", "meters")).Succeeded();

        Assert.Equal(0x00, await ConnectAsync(gateway, works, "CN=meter-1,O=Hall", "meter-1"));
        Assert.Equal(new Dictionary<string, string> { ["place"] = "Hall", ["version"] = "first" }, things.Find("meter-1")!.Attributes);

        await templates.CreateVersionAsync("meters", Template("second"), setAsDefault: true, "test");
        Assert.Equal(0x00, await ConnectAsync(gateway, works, "CN=meter-2,O=Yard", "meter-2"));
        Assert.Equal("second", things.Find("meter-2")!.Attributes["version"]);

        Assert.Equal(0x87, await ConnectAsync(gateway, works, "CN=meter-3", "meter-3")); // its subject lacks the organization
        Assert.Null(things.Find("meter-3"));
    }

    [Fact]
    public async Task TemplateDisabled_DeviceWaits_UntilItIsEnabled()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var works = new OwnCa("works");
        using var device = works.Issue("CN=meter-1,O=Hall");
        var templates = gateway.Services.GetRequiredService<IProvisioningTemplates>();
        await templates.CreateAsync("meters", "JITP", Template("first"), enabled: false, description: null, roleArn: null, hook: null, "test");
        await RegisterAsync(gateway, works, new CaRegistrationConfig("meters", TemplateBody: null, RoleArn: null));

        Assert.Equal(0x87, await ConnectAsync(gateway, device, "meter-1"));
        Assert.Equal(CertificateStatus.PendingActivation, gateway.Services.GetRequiredService<ICertificates>().Find(CertificateIds.Of(device))!.Status);
        Assert.Null(gateway.Services.GetRequiredService<IThingCatalog>().Find("meter-1"));

        await templates.UpdateAsync("meters", new ProvisioningTemplateUpdate(null, Enabled: true, null, null, null, RemoveHook: false), "test");
        Assert.Equal(0x00, await ConnectAsync(gateway, device, "meter-1"));
    }

    [Fact]
    public async Task Register_TemplateThatCannotBe_IsRefusedAndNothingStays()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        using var works = new OwnCa("works");
        await folder.WriteAsync("works.pem", works.Pem);
        await gateway.Services.GetRequiredService<IProvisioningTemplates>().CreateAsync(
            "fleet", "FLEET_PROVISIONING", Template("first"), enabled: true, description: null, roleArn: null, hook: null, "test");

        var missing = await gateway.CliAsync("cert", "ca", "register", folder.In("works.pem"), "--auto-registration", "--template", "none");
        var other = await gateway.CliAsync("cert", "ca", "register", folder.In("works.pem"), "--auto-registration", "--template", "fleet");

        Assert.Equal((1, 1), (missing.ExitCode, other.ExitCode));
        Assert.Contains("no provisioning template none", missing.Errors, StringComparison.Ordinal);
        Assert.Contains("fleet is not of type JITP", other.Errors, StringComparison.Ordinal);
        Assert.Empty(gateway.Services.GetRequiredService<ICertificateAuthorities>().List());
    }

    [Fact]
    public async Task Template_MalformedPolicy_DeviceIsRefusedAndNothingStays()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var works = new OwnCa("works");
        await RegisterAsync(gateway, works, new CaRegistrationConfig(null, Template("first").Replace("Allow", "Maybe", StringComparison.Ordinal), null));

        Assert.Equal(0x87, await ConnectAsync(gateway, works, "CN=meter-1,O=Hall", "meter-1"));
        Assert.Null(gateway.Services.GetRequiredService<IThingCatalog>().Find("meter-1"));
    }

    private static string Template(string version) => $$$"""
        { "Parameters": { "AWS::IoT::Certificate::CommonName": { "Type": "String" }, "AWS::IoT::Certificate::Organization": { "Type": "String" }, "AWS::IoT::Certificate::Id": { "Type": "String" } }, "Resources": {
          "thing": { "Type": "AWS::IoT::Thing", "Properties": { "ThingName": { "Ref": "AWS::IoT::Certificate::CommonName" },
            "AttributePayload": { "version": "{{{version}}}", "place": { "Ref": "AWS::IoT::Certificate::Organization" } } } },
          "certificate": { "Type": "AWS::IoT::Certificate", "Properties": { "CertificateId": { "Ref": "AWS::IoT::Certificate::Id" }, "Status": "ACTIVE" } },
          "policy": { "Type": "AWS::IoT::Policy", "Properties": { "PolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"}}" } } } }
        """;

    private static Task<CaCertificate> RegisterAsync(RunningGateway gateway, OwnCa ca, CaRegistrationConfig config) =>
        gateway.Services.GetRequiredService<ICertificateAuthorities>().RegisterAsync(new CaRegistration(ca.Pem, null, true, true, "SNI_ONLY", config), "test");

    /// <returns>The reason code of the CONNACK.</returns>
    private static async Task<byte> ConnectAsync(RunningGateway gateway, OwnCa ca, string subject, string clientId)
    {
        using var certificate = ca.Issue(subject);
        return await ConnectAsync(gateway, certificate, clientId);
    }

    private static async Task<byte> ConnectAsync(RunningGateway gateway, X509Certificate2 certificate, string clientId)
    {
        var (client, answer) = await SecureClient.TryOpenAsync(gateway.MqttsPort, certificate, clientId);
        client.Dispose();
        return answer[3];
    }
}
