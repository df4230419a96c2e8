using System.Collections.Immutable;

namespace EdgeGateway.Sync.Things;

/// <summary>A registry as the synchronisation sees it: ours, or an upstream's.</summary>
internal interface IRegistrySide : IDisposable
{
    /// <summary>All entries that the route chooses.</summary>
    /// <exception cref="UpstreamLostException">It is not reached.</exception>
    /// <exception cref="RegistryRefusedException">It does not let us read.</exception>
    Task<IReadOnlyDictionary<RegistryKey, RegistryItem>> ReadAllAsync(CancellationToken cancellationToken);

    /// <returns>Null: there is none.</returns>
    /// <inheritdoc cref="ReadAllAsync"/>
    Task<RegistryItem?> ReadAsync(RegistryKey key, CancellationToken cancellationToken);

    /// <summary>Makes the entry, or changes it to these leaves.</summary>
    /// <param name="before">As it was read; null: there was none.</param>
    /// <exception cref="RegistryRefusedException">Why it does not take them; <see cref="RegistryRefusedException.HasChanged"/>: it was changed meanwhile.</exception>
    /// <inheritdoc cref="ReadAllAsync"/>
    Task WriteAsync(RegistryKey key, RegistryItem? before, ImmutableSortedDictionary<string, string> leaves, CancellationToken cancellationToken);

    /// <inheritdoc cref="WriteAsync"/>
    Task DeleteAsync(RegistryKey key, RegistryItem before, CancellationToken cancellationToken);
}
