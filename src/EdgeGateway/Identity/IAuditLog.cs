namespace EdgeGateway.Identity;

/// <summary>Who changed what: append-only, in the same transaction as the change where the change is identity's own.</summary>
public interface IAuditLog
{
    /// <param name="actor">Who, such as <c>cli:root</c>, <c>api:AKIA…</c>, <c>console:anna</c>, <c>provisioning:CLIENT</c>, <c>gateway</c>.</param>
    /// <param name="action">What, such as <c>policy.attach</c>.</param>
    /// <param name="subject">On what: an ARN or a name.</param>
    /// <param name="detail">Anything more; never a secret.</param>
    Task AppendAsync(string actor, string action, string subject, string? detail);

    /// <summary>Newest first, before sequence number <paramref name="before"/> (null: from the end).</summary>
    IReadOnlyList<AuditEntry> List(long? before, int limit);
}
