using EdgeGateway.Configuration;

namespace EdgeGateway.Identity.Authorizers;

/// <summary>A local function by name, <c>identity.functions.NAME</c>, in exactly one form.</summary>
/// <param name="Url">HTTP POST of the input; the answer's body is the output.</param>
/// <param name="Command">A program that is kept running: one line of JSON in, one line of JSON out.</param>
public sealed record FunctionOptions(Uri? Url, IReadOnlyList<string> Command)
{
    internal static IReadOnlyDictionary<string, FunctionOptions> ReadAll(ConfigurationNode functions)
    {
        var all = new Dictionary<string, FunctionOptions>(StringComparer.Ordinal);
        foreach (var name in functions.Keys)
        {
            var function = functions.Section(name);
            var (url, command) = (function.String("url"), function.Strings("command"));
            Uri? address = null;
            if (url is not null && (!Uri.TryCreate(url, UriKind.Absolute, out address) || address.Scheme is not ("http" or "https")))
                function.Fault("url", $"is '{url}', expected an http or https URL");
            if ((url is null) == (command.Count == 0))
                function.Fault("expected exactly one of url and command");
            all[name] = new FunctionOptions(address, command);
        }
        return all;
    }
}
