using System.Text.Json.Nodes;

namespace EdgeGateway.Identity.Authorizers;

/// <summary>What a custom authorizer's function is asked about (AWS guide: Custom authentication). Parts that are not there are null.</summary>
public sealed record AuthorizerRequest
{
    /// <summary>Authorizer named by the client; null: the default is asked.</summary>
    public string? AuthorizerName { get; init; }

    public string? Token { get; init; }
    public string? TokenSignature { get; init; }

    /// <summary>User name of CONNECT, as sent.</summary>
    public string? UserName { get; init; }

    public ReadOnlyMemory<byte>? Password { get; init; }
    public string? ClientId { get; init; }
    public string? ServerName { get; init; }
    public IReadOnlyDictionary<string, string>? Headers { get; init; }
    public string? QueryString { get; init; }
    public bool IsTls { get; init; }
    public bool IsMqtt { get; init; }

    /// <summary>Input of the function.</summary>
    internal JsonObject ToInput(bool signatureVerified, string connectionId)
    {
        var input = new JsonObject { ["signatureVerified"] = signatureVerified };
        if (Token is not null)
            input["token"] = Token;
        var (protocols, data) = (new JsonArray(), new JsonObject());
        if (IsTls)
            Add(protocols, data, "tls", ServerName is null ? [] : new JsonObject { ["serverName"] = ServerName });
        if (Headers is not null || QueryString is not null)
            Add(protocols, data, "http", Http());
        if (IsMqtt)
            Add(protocols, data, "mqtt", Mqtt());
        input["protocols"] = protocols;
        input["protocolData"] = data;
        input["connectionMetadata"] = new JsonObject { ["id"] = connectionId };
        return input;
    }

    private static void Add(JsonArray protocols, JsonObject data, string name, JsonObject part)
    {
        protocols.Add((JsonNode)name);
        data[name] = part;
    }

    private JsonObject Http()
    {
        var headers = new JsonObject();
        foreach (var (name, value) in Headers ?? new Dictionary<string, string>())
            headers[name] = value;
        return new JsonObject { ["headers"] = headers, ["queryString"] = QueryString ?? "" };
    }

    private JsonObject Mqtt()
    {
        var mqtt = new JsonObject();
        if (UserName is not null)
            mqtt["username"] = UserName;
        if (Password is { } password)
            mqtt["password"] = Convert.ToBase64String(password.Span);
        if (ClientId is not null)
            mqtt["clientId"] = ClientId;
        return mqtt;
    }
}
