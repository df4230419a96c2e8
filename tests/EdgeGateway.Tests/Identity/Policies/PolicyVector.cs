using System.Text.Json;
using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Tests.Identity.Policies;

/// <summary>One case of <c>policy-vectors.json</c>; its conventions are in that file.</summary>
public sealed record PolicyVector(string Id, IReadOnlyList<string> Policies, string Action, string Resource, string? ClientId, PolicyDecision Expected, JsonElement Context)
{
    private const string File = "policy-vectors.json";

    public static IReadOnlyDictionary<string, PolicyVector> All { get; } = Load();

    public override string ToString() => Id;

    internal IReadOnlyList<PolicySource> Sources =>
        [.. Policies.Select((json, index) => new PolicySource($"p{index}", "1", "certificate", PolicyDocument.Parse(json)))];

    internal PolicyContext ToContext()
    {
        var context = new PolicyContext();
        var attached = Context.TryGetProperty("isAttached", out var flag) && flag.GetBoolean() && Text("thingName") == ClientId;
        context.Set(PolicyKeys.ClientId, ClientId).Set(PolicyKeys.SourceIp, Text("sourceIp")).Set(PolicyKeys.LastWillTopic, Text("lastWillTopic"));
        context.Set(PolicyKeys.IsAttached, attached ? "true" : "false");
        if (attached)
        {
            context.Set(PolicyKeys.ThingName, Text("thingName")).Set(PolicyKeys.ThingTypeName, Text("thingTypeName"));
            if (Context.TryGetProperty("attributes", out var attributes))
            {
                foreach (var attribute in attributes.EnumerateObject())
                    context.SetAttribute(attribute.Name, attribute.Value.GetString()!);
            }
        }
        if (Context.TryGetProperty("connectAttributes", out var features))
            context.Set(PolicyKeys.ConnectAttributes, [.. features.EnumerateArray().Select(feature => feature.GetString()!)]);
        if (Context.TryGetProperty("cert", out var certificate))
            AddCertificate(context, certificate);
        return context;
    }

    private static void AddCertificate(PolicyContext context, JsonElement certificate)
    {
        foreach (var field in certificate.EnumerateObject())
        {
            switch (field.Name)
            {
                case "certificateId":
                    context.Set(PolicyKeys.CertificateId, field.Value.GetString());
                    break;
                case "serialNumber":
                    context.Set(PolicyKeys.SerialNumber, field.Value.GetString());
                    break;
                case "subject":
                    AddFields("iot:Certificate.Subject.", field.Value);
                    break;
                case "issuer":
                    AddFields("iot:Certificate.Issuer.", field.Value);
                    break;
                case "subjectAltName":
                    AddFields("iot:Certificate.Subject.AlternativeName.", field.Value);
                    break;
                case "issuerAltName":
                    AddFields("iot:Certificate.Issuer.AlternativeName.", field.Value);
                    break;
                default:
                    throw new InvalidDataException($"{File}: unknown certificate field {field.Name}");
            }
        }

        void AddFields(string prefix, JsonElement fields)
        {
            foreach (var field in fields.EnumerateObject())
                context.SetCertificateField(prefix + field.Name, [.. field.Value.EnumerateArray().Select(value => value.GetString()!)]);
        }
    }

    private string? Text(string name) => Context.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Dictionary<string, PolicyVector> Load()
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(Folder(), File)));
        return document.RootElement.GetProperty("vectors").EnumerateArray().Select(From).ToDictionary(vector => vector.Id);
    }

    private static PolicyVector From(JsonElement vector)
    {
        var context = vector.GetProperty("context").Clone();
        var request = vector.GetProperty("request");
        return new PolicyVector(
            vector.GetProperty("id").GetString()!,
            [.. vector.GetProperty("policies").EnumerateArray().Select(policy => policy.GetRawText())],
            request.GetProperty("action").GetString()!,
            request.GetProperty("resource").GetString()!,
            context.TryGetProperty("clientId", out var clientId) ? clientId.GetString() : null,
            Enum.Parse<PolicyDecision>(vector.GetProperty("expect").GetString()!),
            context);
    }

    /// <summary><c>EDGEGATEWAY_VECTORS</c>, or <c>tests/vectors</c> above the test's own folder.</summary>
    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("EDGEGATEWAY_VECTORS") is { Length: > 0 } named)
            return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "vectors");
            if (Directory.Exists(candidate))
                return candidate;
        }
        throw new DirectoryNotFoundException("tests/vectors is not above " + AppContext.BaseDirectory);
    }
}
