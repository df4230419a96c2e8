using System.Net;
using EdgeGateway.Gateway;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Access;

/// <summary>Answers <c>policy explain</c>: finds out who would ask, and lets identity say why.</summary>
internal sealed class PolicyQuestions(GatewayContext gateway, IThingCatalog things, IPolicyExplainer explainer, TargetNames names, IdentityArns arns)
{
    /// <exception cref="IdentityException">Nobody is known by that client id, or the target is not there.</exception>
    public ExplanationResponse Answer(ExplanationRequest request)
    {
        var principal = PrincipalOf(request);
        IPAddress? address = null;
        if (request.Address is not null && !IPAddress.TryParse(request.Address, out address))
            throw new IdentityException(IdentityError.InvalidRequest, $"'{request.Address}' is no IP address");
        var connection = new ConnectionRequest(principal, request.Client, address) { Persistent = request.Persistent, WillTopic = request.WillTopic };
        var explanation = explainer.Explain(connection, ActionOf(request.Action), ResourceOf(request.Resource));
        var deciding = explanation.Deciding.ToHashSet();
        var target = arns.Of(principal);
        return new(
            Word(explanation.Decision), explanation.Action, explanation.Resource, request.Client, target ?? principal.Id,
            target is null ? null : things.ExclusiveThingOf(target) ?? (things.IsAttached(request.Client, target) ? request.Client : null),
            [.. explanation.Statements.Select(verdict => Response(verdict, deciding.Contains(verdict)))], [.. explanation.MissingVariables]);
    }

    internal static string ActionOf(string text) => text.Contains(':', StringComparison.Ordinal) ? text : "iot:" + text;

    private string ResourceOf(string text) => text == "*" || text.StartsWith("arn:", StringComparison.Ordinal) ? text : arns.Prefix + text;

    private Principal PrincipalOf(ExplanationRequest request)
    {
        if (request.Target is { } target)
            return ToPrincipal(names.Target(target));
        if (gateway.Connections.FirstOrDefault(connection => connection.Client?.ClientId == request.Client)?.Client is { } live)
            return live.Principal;
        return things.PrincipalsOf(request.Client) is [var attached, ..]
            ? ToPrincipal(attached)
            : throw new IdentityException(
                IdentityError.ResourceNotFound,
                $"'{request.Client}' is not connected and nothing is attached to a thing of that name: say who would ask with --target cert/ID or user/NAME");
    }

    private Principal ToPrincipal(string arn) =>
        arns.Id(arn, "cert") is { } id ? new(id, PrincipalKind.Certificate, id)
        : arns.Id(arn, "user") is { } user ? new(user, PrincipalKind.User, CertificateId: null)
        : throw new IdentityException(IdentityError.InvalidRequest, $"'{arn}' does not connect: expected a certificate or user");

    private static StatementResponse Response(StatementVerdict verdict, bool decides) => new(
        verdict.Source.Name, verdict.Source.Version, verdict.Source.Through, verdict.Index, verdict.Statement.Sid,
        verdict.Statement.Effect == PolicyEffect.Allow ? "Allow" : "Deny", verdict.Matched, decides, verdict.Reason);

    internal static string Word(PolicyDecision decision) => decision switch
    {
        PolicyDecision.Allow => "ALLOWED",
        PolicyDecision.Deny => "EXPLICIT_DENY",
        _ => "IMPLICIT_DENY",
    };
}
