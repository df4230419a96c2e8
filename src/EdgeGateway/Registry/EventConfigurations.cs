namespace EdgeGateway.Registry;

internal sealed class EventConfigurations(RegistryState state) : IEventConfigurations
{
    public IReadOnlyList<KeyValuePair<string, bool>> All
    {
        get
        {
            var switches = state.Current.Events;
            return [.. EventSwitches.Categories.Select(category => KeyValuePair.Create(category, switches.Enabled.Contains(category)))];
        }
    }

    public long? CreatedAt => state.Current.Events.CreatedAt;

    public long? ModifiedAt => state.Current.Events.ModifiedAt;

    public bool IsEnabled(string category) => state.Current.Events.Enabled.Contains(category);

    public async Task<RegistryResult<bool>> UpdateAsync(IReadOnlyDictionary<string, bool> categories, CancellationToken cancellationToken)
    {
        if (categories.Keys.FirstOrDefault(static name => !EventSwitches.Categories.Contains(name)) is { } unknown)
            return RegistryError.Invalid($"eventConfigurations has the key '{unknown}', allowed are {string.Join(", ", EventSwitches.Categories)}");
        return await state.WriteAsync<bool>(
            write =>
            {
                var old = write.State.Events;
                var enabled = EventSwitches.Categories.Where(name => categories.TryGetValue(name, out var on) ? on : old.Enabled.Contains(name));
                write.Put(new EventSwitches(enabled.ToHashSet(StringComparer.Ordinal), old.CreatedAt ?? write.Now, write.Now));
                return true;
            },
            cancellationToken);
    }
}
