using EdgeGateway.Api.Access.Bundles;
using EdgeGateway.Gateway;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Registry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Access;

/// <summary>Devices as people get them on and off: thing, credentials and policy in one go.</summary>
internal static class DeviceEndpoints
{
    public static void MapDevices(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/edge/v1/devices").AddEndpointFilter<IdentityRefusals>().WithTags("Identity");
        group.MapGet("", List);
        group.MapPost("", AddAsync);
        group.MapDelete("/{name}", RemoveAsync);
    }

    private static Ok<DeviceSummary[]> List(IThingCatalog things, GatewayContext gateway)
    {
        var connected = gateway.Connections.Select(static connection => connection.Client?.ClientId).ToHashSet(StringComparer.Ordinal);
        return TypedResults.Ok<DeviceSummary[]>([.. things.Things
            .Select(thing => new DeviceSummary(thing.Name, things.PrincipalsOf(thing.Name), connected.Contains(thing.Name)))
            .Where(static device => device.Principals.Count > 0)]);
    }

    private static async Task<Results<Ok<DeviceResponse>, ProblemHttpResult>> AddAsync(
        DeviceRequest request, DeviceOnboarding onboarding, DialAddress dial, IServerCertificate server, Caller caller, CancellationToken cancellationToken)
    {
        var kinds = request.Kinds ?? [];
        if (kinds.FirstOrDefault(static kind => !BundleKinds.All.Contains(kind)) is { } unknown)
            return Problems.BadRequest($"there is no bundle for '{unknown}': expected {string.Join(", ", BundleKinds.All)}");
        if (kinds.Contains(BundleKinds.Tasmota) && kinds.Count > 1)
            return Problems.BadRequest("tasmota takes user name and password, the others a certificate: add them as two devices");
        if (await dial.OfAsync("mqtts", request.Host, cancellationToken) is not var (host, port))
            return Problems.Conflict("listeners.mqtts is off (port -1): a device has nothing to connect to");
        var https = await dial.OfAsync("https", request.Host, cancellationToken);
        var bundle = kinds.Contains(BundleKinds.Tasmota)
            ? await onboarding.AddPasswordDeviceAsync(request.Name, caller.Actor, cancellationToken)
            : await onboarding.AddDeviceAsync(request.Name, caller.Actor, cancellationToken);
        var place = new BundlePlace(host, port, https?.Port);
        return TypedResults.Ok(new DeviceResponse(
            bundle.ThingName, bundle.CertificateId, bundle.CertificateArn, bundle.UserName, bundle.PolicyName, host, port, bundle.TelemetryTopic, bundle.CommandFilter,
            BundleFiles.For(bundle, place, kinds)));
    }

    private static async Task<NoContent> RemoveAsync(string name, DeviceOnboarding onboarding, Caller caller, CancellationToken cancellationToken)
    {
        await onboarding.RemoveDeviceAsync(name, caller.Actor, cancellationToken);
        return TypedResults.NoContent();
    }
}
