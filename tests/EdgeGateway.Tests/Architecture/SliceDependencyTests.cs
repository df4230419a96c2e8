using System.Reflection;
using EdgeGateway.Hosting;
using Xunit;

namespace EdgeGateway.Tests.Architecture;

public sealed class SliceDependencyTests
{
    private static readonly Assembly Service = typeof(GatewayHost).Assembly;

    public static TheoryData<string> Slices => [.. Service.GetTypes().Select(SliceOf).OfType<string>().Distinct().Except(SliceTable.Composing).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Slices))]
    public void Slice_UsesOnlyWhatTheTableLists(string slice)
    {
        Assert.True(SliceTable.MayUse.ContainsKey(slice), $"{slice} is not in the table of slices");
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in Service.GetTypes().Where(type => SliceOf(type) == slice))
            foreach (var used in TypeReferences.Of(type))
                if (SliceOf(used) is { } target && target != slice && target != "Configuration" && !IsAllowed(slice, target, used))
                    wrong.Add($"{Outermost(type).Name} uses {target}.{used.Name}");
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Theory]
    [MemberData(nameof(Slices))]
    public void Slice_SpeaksMqttNetOnlyAtTheEdge(string slice)
    {
        if (SliceTable.MayUseMqttNet.Contains(slice))
            return;
        var speakers = Service.GetTypes()
            .Where(type => SliceOf(type) == slice && TypeReferences.Of(type).Any(static used => used.Assembly.GetName().Name!.StartsWith("MQTTnet", StringComparison.Ordinal)))
            .Select(static type => type.FullName);
        Assert.Empty(speakers);
    }

    private static bool IsAllowed(string slice, string target, Type used)
    {
        foreach (var entry in SliceTable.MayUse[slice])
        {
            var parts = entry.Split(':', StringSplitOptions.TrimEntries);
            if (parts[0] == target)
                return parts.Length == 1 || Spoken(target, parts[1].Split(' ')).Contains(Outermost(used));
        }
        return false;
    }

    // The contracts themselves and, transitively, the types of their slice that their members mention.
    private static HashSet<Type> Spoken(string slice, string[] contracts)
    {
        var seen = new HashSet<Type>();
        var open = new Queue<Type>(Service.GetTypes().Where(type => SliceOf(type) == slice && contracts.Contains(type.Name)));
        while (open.TryDequeue(out var type))
            if (seen.Add(type))
                foreach (var mentioned in TypeReferences.OfSignatures(type).Where(mentioned => SliceOf(mentioned) == slice))
                    open.Enqueue(mentioned);
        return [.. seen.Select(Outermost)];
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    // EdgeGateway.Rules.Sql.Parser → Rules; src/Drivers is one slice; generated and foreign types belong to none.
    private static string? SliceOf(Type type) => type.Namespace?.Split('.') switch
    {
        ["EdgeGateway", var slice, ..] when type.Assembly == Service => slice,
        ["EdgeGateway" or "Drivers", ..] when type.Assembly.GetName().Name is "Drivers" or "EdgeGateway.Drivers" => "Drivers",
        _ => null,
    };
}
