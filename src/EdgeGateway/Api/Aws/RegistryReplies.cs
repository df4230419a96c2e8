using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws;

/// <summary>Turns the registry's answers into replies.</summary>
internal static class RegistryReplies
{
    public static async ValueTask<AwsReply> ReplyAsync<T>(this Task<RegistryResult<T>> write, Func<T, AwsReply> reply) => await write switch
    {
        RegistryResult<T>.Done done => reply(done.Value),
        RegistryResult<T>.Refused refused => AwsErrors.From(refused.Error),
        _ => throw new InvalidOperationException("a result is done or refused"),
    };

    public static ValueTask<AwsReply> ReplyEmptyAsync<T>(this Task<RegistryResult<T>> write) => write.ReplyAsync(static _ => AwsReply.Empty);

    /// <summary>The tags of a create request: a list of Key and Value.</summary>
    public static IReadOnlyDictionary<string, string> Tags(this AwsObject body, string name = "tags")
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in body.Objects(name) ?? [])
            if (!tags.TryAdd(tag.Required("Key"), tag.String("Value") ?? ""))
                throw AwsException.InvalidRequest($"{name} has the key '{tag.Required("Key")}' twice");
        return tags;
    }

    /// <summary>A name that may be given as an ARN too; both must mean the same.</summary>
    /// <param name="prefix">Of the ARN, up to the name.</param>
    public static string NameOf(this AwsObject body, string nameMember, string arnMember, string prefix)
    {
        var name = body.String(nameMember);
        if (body.String(arnMember) is not { } arn)
            return name ?? throw AwsException.InvalidRequest($"{nameMember} or {arnMember} is missing");
        if (!arn.StartsWith(prefix, StringComparison.Ordinal))
            throw AwsException.InvalidRequest($"{arnMember} is '{arn}', expected {prefix} and a name");
        var fromArn = arn[prefix.Length..];
        return name is null || name == fromArn ? fromArn : throw AwsException.InvalidRequest($"{nameMember} is '{name}' but {arnMember} is '{arn}'");
    }

    /// <summary>An attributePayload; null when absent.</summary>
    public static AttributeChange? AttributePayload(this AwsObject body)
    {
        if (body.Object("attributePayload") is not { } payload)
            return null;
        var merge = payload.Boolean("merge");
        return payload.Map("attributes") is { } values ? new(values, merge) : null;
    }
}
