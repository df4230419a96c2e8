using EdgeGateway.Configuration;

namespace EdgeGateway.Rules.Notify;

/// <summary>The section `rules.smtp`: the server that takes the mail of `sns`.</summary>
/// <param name="Host">Null: there is none, and nobody can be told by mail.</param>
/// <param name="Security">`starttls` (the server must offer it), `tls` from the first byte, or `none` for a relay within the house.</param>
/// <param name="From">Sender's address.</param>
/// <param name="User">Null: the server asks for none.</param>
/// <param name="Secret">Name of the secret with the password, as `edgegateway secret set` keeps it.</param>
internal sealed record SmtpOptions(string? Host, int Port, string Security, string From, string? User, string? Secret)
{
    public static SmtpOptions Read(ConfigurationNode section)
    {
        var security = section.OneOf("security", "starttls", "starttls", "tls", "none");
        var options = new SmtpOptions(
            section.String("host"), section.Int32("port", security == "tls" ? 465 : security == "none" ? 25 : 587, atLeast: 1, atMost: 65_535), security, section.String("from", ""), section.String("user"), section.String("secret"));
        if (options.Host is not null && !options.From.Contains('@', StringComparison.Ordinal))
            section.Fault("from", $"is '{options.From}', expected the sender's address, such as gateway@example.com");
        if (options.User is null != options.Secret is null)
            section.Fault(options.User is null ? "user" : "secret", "is missing, expected both user and secret (the name of one), or neither");
        if (options is { User: not null, Security: "none" })
            section.Fault("security", "is none, which would send the password in the clear; expected starttls or tls");
        return options;
    }
}
