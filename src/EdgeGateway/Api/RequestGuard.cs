using System.Net;
using EdgeGateway.Api.Access;
using EdgeGateway.Api.Aws;
using EdgeGateway.Gateway;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Credentials;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>
/// The door of HTTP. A page elsewhere must not reach the gateway through a browser of the local network: a request with a foreign
/// Origin is refused everywhere, one with a foreign Host on the plain listener and wherever loopback stands for a sign-in (DNS
/// rebinding makes a foreign name lead to 127.0.0.1). The gateway's own API then wants to know who asks, and what they may; AWS's
/// routes learn who asks as far as the edge knows, and judge themselves.
/// </summary>
internal sealed class RequestGuard(ApiOptions options, PersonSignIn people, ConsoleSessions sessions)
{
    private static readonly PathString[] ForAdministrators =
    [
        "/edge/v1/policies", "/edge/v1/roles", "/edge/v1/secrets", "/edge/v1/certificates", "/edge/v1/cas", "/edge/v1/devices", "/edge/v1/credentials", "/edge/v1/permit-join", "/edge/v1/audit", "/edge/v1/users",
        "/edge/v1/access-keys", "/edge/v1/backup", "/edge/v1/restore",
    ];

    // Over WebSocket the demo's page speaks MQTT as its operator.
    private static readonly Principal DemoPrincipal = new("demo", PrincipalKind.Local, CertificateId: null);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var (listener, peer) = (context.Features.Get<Listener>() ?? Listener.Https, context.Connection.RemoteIpAddress);
        var isAws = GatewayPaths.IsAws(context);
        var isOwnApi = !isAws && GatewayPaths.IsOwnApi(context.Request.Path);
        var refusal = RefuseForeign(context.Request, listener, peer);
        if (refusal is null && (isOwnApi || isAws))
        {
            var session = WithoutSignIn(listener, peer) is null ? sessions.Find(context.Request) : null;
            var caller = WithoutSignIn(listener, peer) ?? session?.Caller ?? await people.SignInAsync(context.Request, peer, context.RequestAborted);
            context.Features.Set(caller);
            var isDoor = isOwnApi && IsDoor(context.Request.Path);
            refusal = isOwnApi && !isDoor ? RefuseCaller(context.Request, caller) : null;
            refusal ??= isDoor ? null : RefuseForged(context.Request, session);
            if (refusal is not null && caller is null && !IsFromPage(context.Request))
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"EdgeGateway\", charset=\"UTF-8\"";
        }
        if (refusal is null)
            await next(context);
        else if (isAws)
            await AwsReply.Error(refusal.StatusCode, "AccessDeniedException", refusal.ProblemDetails.Detail ?? "").WriteAsync(context);
        else
            await refusal.ExecuteAsync(context);
    }

    /// <summary>MQTT over WebSocket: a signature says who it is, then a person's sign-in, then where it comes from; else CONNECT must.</summary>
    public async Task MqttAsync(HttpContext context)
    {
        if (context.AuthenticateUpgrade(out var caller) is { } refusal)
        {
            await refusal.WriteAsync(context);
            return;
        }
        var (listener, peer) = (context.Features.Get<Listener>() ?? Listener.Https, context.Connection.RemoteIpAddress);
        var session = caller is null ? sessions.Find(context.Request) : null;
        await using var ended = session?.Ended.Register(context.Abort) ?? default;
        caller ??= session?.Caller ?? await people.SignInLiveAsync(context.Request, peer, context.RequestAborted);
        await context.HandleMqttWebSocketAsync(caller?.Principal ?? PrincipalWithoutSignIn(context, listener, peer));
    }

    internal ProblemHttpResult? RefuseForeign(HttpRequest request, Listener listener, IPAddress? peer)
    {
        if (listener == Listener.Control)
            return null;
        if ((listener == Listener.Http || WithoutSignIn(listener, peer) is not null) && !IsOurName(request.Host.Host))
            return Problems.ForeignHost(request.Host.Value ?? "");
        return request.Headers.Origin is [{ Length: > 0 } origin, ..] && !IsSameOrigin(origin, request) ? Problems.ForeignOrigin(origin) : null;
    }

    // A device that shows its certificate means to be that device, in the demo too.
    private Principal? PrincipalWithoutSignIn(HttpContext context, Listener listener, IPAddress? peer) => WithoutSignIn(listener, peer) switch
    {
        null => null,
        var caller when caller == Caller.Demo => context.Connection.ClientCertificate is null ? DemoPrincipal : null,
        var caller => caller.Principal,
    };

    internal Caller? WithoutSignIn(Listener listener, IPAddress? peer) =>
        listener == Listener.Control ? Caller.Local : options.Demo && peer is not null && IPAddress.IsLoopback(peer) ? Caller.Demo : null;

    internal static ProblemHttpResult? RefuseCaller(HttpRequest request, Caller? caller)
    {
        if (caller is null)
            return Problems.SignIn();
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        var needed = ForAdministrators.Any(path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
            ? reads && !request.Path.StartsWithSegments("/edge/v1/backup", StringComparison.OrdinalIgnoreCase) ? Role.Operator : Role.Administrator
            : reads ? Role.Viewer : Role.Operator;
        return caller.Role >= needed ? null : Problems.NotYours(caller.Actor, needed.ToWire());
    }

    // Signing in is open to everybody; so is asking whether one has to.
    private static bool IsDoor(PathString path) => path == SessionEndpoints.SessionPath || path == SessionEndpoints.ClaimPath;

    private static ProblemHttpResult? RefuseForged(HttpRequest request, ConsoleSession? session) =>
        session is null || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || ConsoleSessions.HasToken(request, session) ? null : Problems.Forged();

    // A browser would ask for name and password in a window of its own, before the sign-in page can.
    private static bool IsFromPage(HttpRequest request) => request.Headers.ContainsKey("Sec-Fetch-Site");

    private bool IsOurName(string host)
    {
        var bare = host.Trim('[', ']');
        return IPAddress.TryParse(bare, out _)
            || string.Equals(bare, "localhost", StringComparison.OrdinalIgnoreCase)
            || options.HostNames.Contains(bare, StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsSameOrigin(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (string.Equals(uri.Scheme, request.Scheme, StringComparison.OrdinalIgnoreCase)
            || request.Path.StartsWithSegments(GatewayServices.WebSocketPath, StringComparison.Ordinal)) // paho says https over plain WebSocket, too
        && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
