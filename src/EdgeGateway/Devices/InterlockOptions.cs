using System.Collections.Immutable;
using EdgeGateway.Configuration;

namespace EdgeGateway.Devices;

/// <summary>One entry of <c>interlocks[]</c>: outputs of which never two are on.</summary>
/// <param name="Members"><c>NAME</c> of an output, or <c>NAME.VALUE</c> for one pin of an expander.</param>
/// <param name="Pause">Time all are off before another may go on: a motor that turns round.</param>
public sealed record InterlockOptions(ImmutableArray<string> Members, TimeSpan Pause)
{
    internal static InterlockOptions Read(ConfigurationNode node, IReadOnlyList<OutputOptions> outputs)
    {
        var members = node.Strings("outputs");
        if (members.Count < 2)
            node.Fault("outputs", "names fewer than two outputs, expected [NAME, NAME] or NAME.VALUE for one pin of an expander");
        foreach (var member in members)
        {
            var (name, value) = Split(member);
            var output = outputs.FirstOrDefault(output => output.Wired.Name == name);
            if (output is null)
                node.Fault("outputs", $"has '{member}', expected the name of an entry of outputs");
            else if (value.Length > 0 && !output.Wired.Driver.States.Any(state => state.Name == value))
                node.Fault("outputs", $"has '{member}', expected one of {string.Join(", ", output.Wired.Driver.States.Select(state => $"{name}.{state.Name}"))}");
            else if (output.Wired.Option("safe") is not (null or "off" or "0" or "release"))
                node.Fault("outputs", $"has '{member}', whose safe state is on: of outputs that exclude each other all must be off where it is safe");
        }
        return new([.. members], node.Duration("pause", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMinutes(10)));
    }

    /// <summary>Device and value of a member; no value: all of the device's.</summary>
    internal static (string Device, string Value) Split(string member) =>
        member.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? (member[..dot], member[(dot + 1)..]) : (member, "");
}
