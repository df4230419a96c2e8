using System.Text.Json.Nodes;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Provisioning;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Access;

/// <summary>The window in which unknown devices with a claim may register themselves.</summary>
internal static class JoinEndpoints
{
    private const double MostMinutes = 24 * 60;

    public static void MapJoin(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/edge/v1/permit-join").AddEndpointFilter<IdentityRefusals>().WithTags("Identity");
        group.MapGet("", GetAsync);
        group.MapPost("", OpenAsync);
    }

    private static async Task<Ok<JoinResponse>> GetAsync(JoinWindow window, DialAddress dial, CancellationToken cancellationToken)
    {
        var (host, port) = await dial.OfAsync("mqtts", null, cancellationToken) ?? ("", 0);
        return TypedResults.Ok(new JoinResponse(window.Until, JoinWindow.TemplateName, null, host, port, []));
    }

    private static async Task<Results<Ok<JoinResponse>, ProblemHttpResult>> OpenAsync(
        JoinRequest request, JoinWindow window, DialAddress dial, IServerCertificate server, Caller caller, CancellationToken cancellationToken)
    {
        if (request.Minutes is not (>= 0 and <= MostMinutes))
            return Problems.BadRequest($"minutes is {request.Minutes}, allowed are 0 to {MostMinutes}");
        if (await dial.OfAsync("mqtts", request.Host, cancellationToken) is not var (host, port))
            return Problems.Conflict("listeners.mqtts is off (port -1): a device has nothing to join over");
        await window.OpenAsync(TimeSpan.FromMinutes(request.Minutes), caller.Actor);
        if (!request.NewClaim)
            return TypedResults.Ok(new JoinResponse(window.Until, JoinWindow.TemplateName, null, host, port, []));
        var claim = await window.NewClaimAsync(caller.Actor);
        return TypedResults.Ok(new JoinResponse(window.Until, JoinWindow.TemplateName, claim.Certificate.Id, host, port, Files(claim, server.CaPem, host, port)));
    }

    private static IReadOnlyList<DeviceFile> Files(IssuedCertificate claim, string caPem, string host, int port)
    {
        var connect = new JsonObject
        {
            ["endpoint"] = host,
            ["port"] = port,
            ["clientIdPrefix"] = JoinWindow.ClientIdPrefix,
            ["ca"] = "ca.pem",
            ["certificate"] = "claim.pem",
            ["privateKey"] = "claim.key",
            ["template"] = JoinWindow.TemplateName,
            ["parameters"] = new JsonArray("ThingName"),
        };
        return
        [
            new("ca.pem", caPem, Secret: false), new("claim.pem", claim.Pem, Secret: false), new("claim.key", claim.PrivateKeyPem!, Secret: true),
            new("connect.json", Bundles.BundleFiles.Indented(connect), Secret: false),
        ];
    }
}
