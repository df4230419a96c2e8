namespace EdgeGateway.Identity.Policies;

/// <summary>Reads and loosens the ARNs inside policies.</summary>
internal static class PolicyArn
{
    /// <summary>The pattern with <c>*</c> for region and account where it is an IoT ARN that spells them out; itself otherwise.</summary>
    public static PolicyPattern AnyAccountRegion(PolicyPattern pattern)
    {
        var fields = pattern.Text.Split(':', 6);
        if (fields is not ["arn", _, "iot", _, _, _] || fields[..5].Any(field => field.Contains("${", StringComparison.Ordinal)))
            return pattern;
        return PolicyPattern.TryParse($"{fields[0]}:{fields[1]}:iot:*:*:{fields[5]}", out var loosened) ? loosened : pattern;
    }
}
