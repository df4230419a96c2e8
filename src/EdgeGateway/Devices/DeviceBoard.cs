using System.Collections.Immutable;

namespace EdgeGateway.Devices;

/// <summary>The current picture of every wired device.</summary>
internal sealed class DeviceBoard
{
    private readonly Lock _lock = new(); // guards changes of one device against each other
    private ImmutableDictionary<string, WiredDevice> _devices = ImmutableDictionary.Create<string, WiredDevice>(StringComparer.Ordinal);
    private ImmutableList<string> _order = [];

    public event Action<WiredDevice>? Changed;

    public WiredDevice this[string name] => _devices[name];

    /// <returns>False where the name is taken.</returns>
    public bool Add(WiredDevice device)
    {
        lock (_lock)
        {
            if (_devices.ContainsKey(device.Name))
                return false;
            _devices = _devices.Add(device.Name, device);
            _order = _order.Add(device.Name);
            return true;
        }
    }

    public void Remove(string name)
    {
        lock (_lock)
        {
            _order = _order.Remove(name);
            _devices = _devices.Remove(name);
        }
    }

    public WiredDevice? Find(string name) => _devices.GetValueOrDefault(name);

    public IReadOnlyList<WiredDevice> List()
    {
        lock (_lock)
            return [.. _order.Select(name => _devices[name])];
    }

    /// <summary>Changes one device; one that was taken away stays away.</summary>
    public WiredDevice? Change(string name, Func<WiredDevice, WiredDevice> change)
    {
        WiredDevice changed;
        lock (_lock)
        {
            if (!_devices.TryGetValue(name, out var device))
                return null;
            changed = change(device);
            _devices = _devices.SetItem(name, changed);
        }
        Changed?.Invoke(changed);
        return changed;
    }
}
