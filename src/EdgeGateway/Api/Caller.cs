using EdgeGateway.Identity;
using EdgeGateway.Identity.Credentials;

namespace EdgeGateway.Api;

/// <summary>Who makes a request, in <c>HttpContext.Features</c> once known.</summary>
/// <param name="Principal">For the data plane's policies.</param>
/// <param name="Role">What it may do on the control plane; null for a device, which has none of it.</param>
/// <param name="Actor">As the audit log names it, such as <c>api:AKIA…</c> or <c>control</c>.</param>
public sealed record Caller(Principal Principal, Role? Role, string Actor)
{
    /// <summary>Has temporary credentials: the documents of <see cref="Principal"/> decide about the control plane too.</summary>
    public bool ActsUnderRole { get; init; }

    /// <summary>Over the control socket: root, or a member of its group.</summary>
    public static Caller Local { get; } = new(Principal.Gateway, Identity.Credentials.Role.Administrator, "local");

    /// <summary>In the demo, on loopback, without sign-in.</summary>
    public static Caller Demo { get; } = new(Principal.Gateway, Identity.Credentials.Role.Operator, "demo");

    /// <summary>Lets minimal API handlers name the caller as a parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Caller>());
}
