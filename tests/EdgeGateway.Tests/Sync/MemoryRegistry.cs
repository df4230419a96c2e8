using System.Collections.Immutable;
using EdgeGateway.Sync.State;
using EdgeGateway.Sync.Things;

namespace EdgeGateway.Tests.Sync;

/// <summary>A registry in memory that keeps the rules of one: versions, parents before children, no group without its being there.</summary>
internal sealed class MemoryRegistry : IRegistrySide
{
    public Dictionary<RegistryKey, RegistryItem> Items { get; } = [];

    /// <summary>Called before and after each write and read; may throw.</summary>
    public Action<bool> Step { get; set; } = static _ => { };

    /// <summary>Names it does not take.</summary>
    public Func<RegistryKey, string?> Refuses { get; set; } = static _ => null;

    public int Writes { get; private set; }

    public void Set(RegistryKey key, params ReadOnlySpan<(string Leaf, string Value)> leaves)
    {
        var all = RegistryItem.Build();
        foreach (var (leaf, value) in leaves)
            all[leaf] = value;
        Items[key] = new(all.ToImmutable(), (Items.GetValueOrDefault(key)?.Version ?? 0) + 1);
    }

    public Task<IReadOnlyDictionary<RegistryKey, RegistryItem>> ReadAllAsync(CancellationToken cancellationToken)
    {
        Step(false);
        return Task.FromResult<IReadOnlyDictionary<RegistryKey, RegistryItem>>(new Dictionary<RegistryKey, RegistryItem>(Items));
    }

    public Task<RegistryItem?> ReadAsync(RegistryKey key, CancellationToken cancellationToken)
    {
        Step(false);
        return Task.FromResult(Items.GetValueOrDefault(key));
    }

    public Task WriteAsync(RegistryKey key, RegistryItem? before, ImmutableSortedDictionary<string, string> leaves, CancellationToken cancellationToken) => DoAsync(key, before, () =>
    {
        foreach (var group in new RegistryItem(leaves, 0).GroupNames.Concat(leaves.TryGetValue(RegistryItem.Parent, out var parent) ? [parent] : []))
            if (!Items.ContainsKey(new(RegistryKind.Group, group)))
                throw new RegistryRefusedException($"there is no group {group}");
        Items[key] = new(leaves, (before?.Version ?? 0) + 1);
    });

    public Task DeleteAsync(RegistryKey key, RegistryItem before, CancellationToken cancellationToken) => DoAsync(key, before, () => Items.Remove(key));

    public void Dispose()
    {
        // Lives on: a connection ends, not the registry.
    }

    private Task DoAsync(RegistryKey key, RegistryItem? before, Action write)
    {
        Step(false);
        if (Refuses(key) is { } reason)
            throw new RegistryRefusedException(reason);
        if (Items.GetValueOrDefault(key) is var now && now?.Version != before?.Version)
            throw new RegistryRefusedException($"it is at version {now?.Version}", hasChanged: true);
        write();
        Writes++;
        Step(true);
        return Task.CompletedTask;
    }

    /// <summary>The answer is lost, or the process ends here.</summary>
    public static void Lose() => throw new UpstreamLostException("cut");
}
