using System.Text;

namespace EdgeGateway.Identity.Credentials;

/// <summary>What names and passwords must look like.</summary>
internal static class CredentialRules
{
    private const int MinPasswordBytes = 8;
    private const int MaxPasswordBytes = 1024;                       // a longer one would only make the hash slower

    public static void RequireName(string name)
    {
        if (name.Length is 0 or > 128 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '=' or ',' or '.' or '@' or '-' or ':'))
            throw new IdentityException(IdentityError.InvalidRequest, $"'{name}' is no user name: expected 1 to 128 of letters, digits and _+=,.@:-");
    }

    public static void RequirePassword(string password)
    {
        if (Encoding.UTF8.GetByteCount(password) is < MinPasswordBytes or > MaxPasswordBytes)
            throw new IdentityException(IdentityError.InvalidRequest, $"the password must have {MinPasswordBytes} to {MaxPasswordBytes} bytes");
    }
}
