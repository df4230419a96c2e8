using EdgeGateway.Configuration;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>A local function by name, <c>identity.hooks.NAME</c>: exactly one form (AWS guide: Device provisioning).</summary>
/// <param name="Url">HTTP POST of the input; the answer is the output.</param>
/// <param name="Command">Executable with arguments; input on stdin, output on stdout.</param>
/// <param name="AllowFile">Values allowed, one a line, of <paramref name="AllowParameter"/>.</param>
public sealed record HookOptions(Uri? Url, IReadOnlyList<string> Command, string? AllowFile, string AllowParameter)
{
    internal static IReadOnlyDictionary<string, HookOptions> ReadAll(ConfigurationNode hooks)
    {
        var all = new Dictionary<string, HookOptions>(StringComparer.Ordinal);
        foreach (var name in hooks.Keys)
        {
            var hook = hooks.Section(name);
            var (url, command, file) = (hook.String("url"), hook.Strings("command"), hook.String("allow"));
            Uri? address = null;
            if (url is not null && (!Uri.TryCreate(url, UriKind.Absolute, out address) || address.Scheme is not ("http" or "https")))
                hook.Fault("url", $"is '{url}', expected an http or https URL");
            if ((url is null ? 0 : 1) + (command.Count == 0 ? 0 : 1) + (file is null ? 0 : 1) != 1)
                hook.Fault("expected exactly one of url, command and allow");
            all[name] = new HookOptions(address, command, file, hook.String("parameter", "SerialNumber"));
        }
        return all;
    }
}
