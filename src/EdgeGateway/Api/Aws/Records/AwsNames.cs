namespace EdgeGateway.Api.Aws.Records;

/// <summary>What names of records may look like (AWS IoT API reference).</summary>
internal static class AwsNames
{
    /// <exception cref="AwsException">InvalidRequest: it says what is allowed.</exception>
    /// <param name="others">Besides letters, digits and '_'.</param>
    public static string Require(string member, string name, string others)
    {
        if (name.Length is 0 or > 128)
            throw AwsException.InvalidRequest($"{member} is {name.Length} characters long, allowed are 1 to 128");
        return name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || others.Contains(c, StringComparison.Ordinal))
            ? name : throw AwsException.InvalidRequest($"{member} is '{name}', allowed are letters, digits and _{others}");
    }

    /// <exception cref="AwsException">InvalidRequest: not the ARN of a role.</exception>
    public static string RequireRole(string member, string arn) =>
        arn.Split(':', 6) is ["arn", { Length: > 0 }, "iam", "", _, var rest] && rest.StartsWith("role/", StringComparison.Ordinal) && arn.Length <= 2048
            ? arn : throw AwsException.InvalidRequest($"{member} is '{arn}', expected arn:aws:iam::ACCOUNT:role/NAME");
}
