using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Identity;

/// <summary>The allow-or-deny decision.</summary>
public interface IAuthorizer
{
    /// <summary>Compiles the policies in force for a connection. Open it again when the client reconnects.</summary>
    IConnectionAuthority Open(ConnectionRequest connection);

    /// <summary>One request without a connection (HTTPS, rule roles): no client id, no thing of the connection.</summary>
    /// <param name="principal">Who asks.</param>
    /// <param name="action">Such as <c>iot:GetThingShadow</c>.</param>
    /// <param name="resource">Full ARN, or <c>*</c>.</param>
    PolicyDecision Decide(Principal principal, string action, string resource);

    /// <summary>Counts changes of policies, attachments, groups, thing attributes and certificate states.</summary>
    long Epoch { get; }

    /// <summary>Raised after <see cref="Epoch"/> moved: look again at live connections (<see cref="IConnectionAuthority.MayConnect"/>) and cached answers. Handlers only take note.</summary>
    event Action? Changed;

    /// <summary>A certificate was revoked, deactivated or deleted: close its live connections (0x98, AUTH_ERROR). Argument: certificate id.</summary>
    event Action<string>? CertificateClosed;
}
