using System.Net;
using System.Text;
using EdgeGateway.Pages.Gateway;

namespace Console.Tests.Gateway;

/// <summary>Answers of /edge/v1 by path, and what was asked.</summary>
internal sealed class ScriptedGateway : HttpMessageHandler
{
    public const string HealthyStatus = """
        {"name":"pi","version":"0.1.0","state":"healthy","startedAt":"2026-06-01T11:00:00+00:00","uptimeSeconds":3600,
         "components":[{"name":"storage","state":"healthy","message":null}],"broker":{"messagesIn":100},"upstreams":[]}
        """;

    private readonly Dictionary<string, (HttpStatusCode Status, string Body)> _answers = new()
    {
        ["GET status"] = (HttpStatusCode.OK, HealthyStatus),
        ["GET wired"] = (HttpStatusCode.OK, "[]"),
        ["GET clients"] = (HttpStatusCode.OK, "[]"),
        ["GET rules"] = (HttpStatusCode.OK, "[]"),
        ["GET things"] = (HttpStatusCode.OK, "[]"),
    };

    public bool IsAway { get; set; }

    public List<string> Asked { get; } = [];

    public void Answer(string call, string body, HttpStatusCode status = HttpStatusCode.OK) => _answers[call] = (status, body);

    public GatewayClient Client() => new(new HttpClient(this) { BaseAddress = new Uri("http://127.0.0.1/edge/v1/") });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = $"{request.Method} {request.RequestUri!.PathAndQuery["/edge/v1/".Length..]}";
        Asked.Add(request.Content is null ? call : $"{call} {await request.Content.ReadAsStringAsync(cancellationToken)}");
        if (IsAway)
            throw new HttpRequestException("no route");
        return _answers.TryGetValue(call, out var answer)
            ? new HttpResponseMessage(answer.Status) { Content = new StringContent(answer.Body, Encoding.UTF8, "application/json") }
            : new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("""{"title":"Not found","detail":"nothing here","status":404}""") };
    }
}
