using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Api.Aws.Records;
using EdgeGateway.Configuration;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>
/// Domain configurations: names under which the gateway is dialled, and the authorizer clients of that name get. The server certificate has
/// the machine's names and those of <c>identity.names</c>; certificates by ARN would be the cloud's, so they are refused.
/// </summary>
internal sealed class DomainConfigurationOperations(AwsRecords records, ITags tags, GatewayOptions gateway, TimeProvider time) : IAwsOperations
{
    internal const string Kind = "domainconfiguration";
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static readonly string[] ServiceTypes = ["DATA", "CREDENTIAL_PROVIDER", "JOBS"];
    private static readonly string[] Statuses = ["ENABLED", "DISABLED"];
    private static readonly string[] AuthenticationTypes = ["CUSTOM_AUTH_X509", "CUSTOM_AUTH", "AWS_X509", "AWS_SIGV4", "DEFAULT"];
    private static readonly string[] Protocols = ["SECURE_MQTT", "MQTT_WSS", "HTTPS", "DEFAULT"];

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateDomainConfiguration", CreateAsync),
        new("DescribeDomainConfiguration", Describe),
        new("UpdateDomainConfiguration", UpdateAsync),
        new("DeleteDomainConfiguration", DeleteAsync),
        new("ListDomainConfigurations", List),
    ];

    private async ValueTask<AwsReply> CreateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var name = AwsNames.Require("domainConfigurationName", call.Label("domainConfigurationName"), ".-");
        var wanted = body.Tags();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        if (body.Strings("serverCertificateArns") is { Count: > 0 } || body.String("validationCertificateArn") is not null)
            throw AwsException.InvalidRequest("serverCertificateArns names certificates of the cloud: put the name into identity.names, or a certificate of your own into identity.serverCertificate");
        var document = new JsonObject
        {
            ["id"] = RandomNumberGenerator.GetString(IdLetters, 5),
            ["serviceType"] = OneOf("serviceType", body.String("serviceType") ?? "DATA", ServiceTypes),
            ["status"] = "ENABLED",
        };
        if (body.String("domainName") is { } domain)
            document["domainName"] = Uri.CheckHostName(domain) == UriHostNameType.Dns ? domain.ToLowerInvariant() : throw AwsException.InvalidRequest($"domainName is '{domain}', expected a host name");
        Apply(body, document);
        if (!await records.TryAddAsync(Kind, name, document))
            return AwsReply.Error(409, "ResourceAlreadyExistsException", $"domain configuration {name} exists already", records.Find(Kind, name) is { } there ? Arn(there) : null, name);
        await tags.ReplaceAsync(Arn(name, document), wanted, cancellationToken);
        return Names(name, document);
    }

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var domain = Find(call);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteString("domainConfigurationName"u8, domain.Name);
            writer.WriteString("domainConfigurationArn"u8, Arn(domain));
            writer.WriteOptional("domainName", domain.Text("domainName"));
            writer.WriteStartArray("serverCertificates"u8);
            writer.WriteEndArray();
            writer.WriteString("domainConfigurationStatus"u8, domain.Text("status"));
            writer.WriteString("serviceType"u8, domain.Text("serviceType"));
            writer.WriteString("domainType"u8, domain.Text("domainName") is null ? "AWS_MANAGED" : "CUSTOMER_MANAGED");
            writer.WriteTime("lastStatusChangeDate", domain.Document["statusChanged"]?.GetValue<long>() ?? domain.Created);
            foreach (var member in new[] { "authorizerConfig", "tlsConfig", "authenticationType", "applicationProtocol" })
                WriteMember(writer, member, domain.Document[member]);
        }));
    }

    private async ValueTask<AwsReply> UpdateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var status = body.String("domainConfigurationStatus") is { } text ? OneOf("domainConfigurationStatus", text, Statuses) : null;
        var changes = new JsonObject();
        Apply(body, changes);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var isThere = await records.ChangeAsync(Kind, call.Label("domainConfigurationName"), document =>
        {
            if (body.Boolean("removeAuthorizerConfig"))
                document.Remove("authorizerConfig");
            foreach (var (member, value) in changes)
                document[member] = value?.DeepClone();
            if (status is not null && document["status"]!.GetValue<string>() != status)
                (document["status"], document["statusChanged"]) = (status, now);
        });
        return isThere ? Names(call.Label("domainConfigurationName"), Find(call).Document) : throw Missing(call);
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var domain = Find(call);
        if (domain.Text("status") != "DISABLED")
            throw AwsException.InvalidRequest($"domain configuration {domain.Name} is ENABLED: disable it first (domainConfigurationStatus)");
        await records.DeleteAsync(Kind, domain.Name);
        await tags.ReplaceAsync(Arn(domain), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var type = call.Query("serviceType") is { } text ? OneOf("serviceType", text, ServiceTypes) : null;
        var page = call.MarkerPage([.. records.List(Kind).Where(domain => type is null || domain.Text("serviceType") == type)], static domain => domain.Name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("domainConfigurations", page.Items, (item, domain) =>
            {
                item.WriteString("domainConfigurationName"u8, domain.Name);
                item.WriteString("domainConfigurationArn"u8, Arn(domain));
                item.WriteString("serviceType"u8, domain.Text("serviceType"));
            });
            writer.WriteOptional("nextMarker", page.NextToken);
        }));
    }

    /// <summary>What create and update have in common.</summary>
    private static void Apply(AwsObject body, JsonObject document)
    {
        if (body.Object("authorizerConfig") is { } authorizer)
            document["authorizerConfig"] = new JsonObject { ["defaultAuthorizerName"] = authorizer.String("defaultAuthorizerName"), ["allowAuthorizerOverride"] = authorizer.Boolean("allowAuthorizerOverride") };
        if (body.Object("tlsConfig")?.String("securityPolicy") is { } policy)
            document["tlsConfig"] = new JsonObject { ["securityPolicy"] = policy };
        if (body.String("authenticationType") is { } authentication)
            document["authenticationType"] = OneOf("authenticationType", authentication, AuthenticationTypes);
        if (body.String("applicationProtocol") is { } protocol)
            document["applicationProtocol"] = OneOf("applicationProtocol", protocol, Protocols);
    }

    private static void WriteMember(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        if (value is null)
            return;
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    private static string OneOf(string member, string value, string[] allowed) =>
        allowed.Contains(value) ? value : throw AwsException.InvalidRequest($"{member} is '{value}', allowed are {string.Join(", ", allowed)}");

    private AwsReply Names(string name, JsonObject document) => AwsReply.Json(writer =>
    {
        writer.WriteString("domainConfigurationName"u8, name);
        writer.WriteString("domainConfigurationArn"u8, Arn(name, document));
    });

    private AwsRecord Find(AwsCall call) => records.Find(Kind, call.Label("domainConfigurationName")) ?? throw Missing(call);

    private static AwsException Missing(AwsCall call) => AwsException.NotFound($"domain configuration {call.Label("domainConfigurationName")} is not known");

    private string Arn(AwsRecord domain) => Arn(domain.Name, domain.Document);

    private string Arn(string name, JsonObject document) => gateway.Arn($"domainconfiguration/{name}/{document["id"]!.GetValue<string>()}");
}
