using EdgeGateway.Rules.Delivery;
using EdgeGateway.Rules.Http;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>`http` (AWS guide: HTTP action): posts the outgoing payload to a confirmed destination.</summary>
internal sealed class HttpAction : ISendingAction
{
    private static readonly string[] OwnHeaders = ["Content-Length", "Host", "Connection", "Transfer-Encoding"];
    private readonly HttpSender _sender;
    private readonly SqlTemplate _url;
    private readonly List<(string Key, SqlTemplate Value)> _headers;
    private readonly (string Kind, string SecretId, string? Key, string? Role)? _auth;

    private HttpAction(HttpSender sender, SqlTemplate url, List<(string Key, SqlTemplate Value)> headers, (string, string, string?, string?)? auth) =>
        (_sender, _url, _headers, _auth) = (sender, url, headers, auth);

    public string FailureName => "HttpAction";

    public IParcelSender SenderOf(Parcel parcel) => _sender;

    public static HttpAction Create(ActionParameters parameters, HttpSender sender)
    {
        var url = parameters.Template("url");
        var confirmation = parameters.Text("confirmationUrl");
        if (url.Literal is null && confirmation is null)
            throw parameters.Invalid("confirmationUrl", "is required where url has a template: it is what every address begins with");
        if (url.Literal is { } literal && confirmation is not null && !literal.StartsWith(confirmation, StringComparison.Ordinal))
            throw parameters.Invalid("url", "does not begin with confirmationUrl");
        var headers = new List<(string, SqlTemplate)>();
        foreach (var header in parameters.Items("headers"))
        {
            var key = header.Text("key") ?? throw header.Invalid("key", "is required");
            if (OwnHeaders.Contains(key, StringComparer.OrdinalIgnoreCase))
                throw header.Invalid("key", $"is {key}, which the connection sets itself");
            headers.Add((key, header.Template("value")));
            header.End();
        }
        return new(sender, url, headers, Authentication(parameters));
    }

    public RuleActionFailure? Prepare(RuleFiring firing, out IReadOnlyList<Parcel> parcels)
    {
        parcels = [];
        var url = firing.Render(_url, "url");
        var type = firing.IsJson ? "application/json" : "application/octet-stream";
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (key, template) in _headers)
        {
            var value = firing.Render(template, key, required: false).ReplaceLineEndings(" ");
            if (key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                type = value;
            else
                headers.Add(new(key, value));
        }
        parcels = [new Parcel(HttpParcel.Kind, url, new HttpParcel(url, type, headers, firing.Payload, _auth?.Kind, _auth?.SecretId, _auth?.Key, _auth?.Role).ToBytes())];
        return null;
    }

    // Of the gateway: {"basic":{"secretId":…,"roleArn":…}} or {"bearer":{"secretId":…,"key":…,"roleArn":…}}.
    private static (string, string, string?, string?)? Authentication(ActionParameters parameters)
    {
        if (parameters.Section("auth") is not { } auth)
            return null;
        if (auth.Section("sigv4") is not null)
            throw auth.Invalid("sigv4", "is not available: the cloud's signature means nothing here; use basic or bearer with a secret");
        foreach (var kind in (string[])["basic", "bearer"])
        {
            if (auth.Section(kind) is not { } section)
                continue;
            var read = (kind, section.Text("secretId") ?? throw section.Invalid("secretId", "is required"), kind == "bearer" ? section.Text("key") : null, section.Text("roleArn"));
            section.End();
            auth.End();
            return read;
        }
        throw parameters.Invalid("auth", "has neither basic nor bearer");
    }
}
