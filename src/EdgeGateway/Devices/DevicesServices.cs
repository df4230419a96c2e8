using EdgeGateway.Configuration;
using EdgeGateway.Drivers;
using EdgeGateway.Messaging;
using EdgeGateway.Storage;

namespace EdgeGateway.Devices;

/// <summary>Adds the wired devices.</summary>
public static class DevicesServices
{
    /// <param name="configuration">The root of the tree; reads <c>sensors</c>, <c>outputs</c>, <c>interlocks</c>, <c>health</c> and <c>discovery</c>.</param>
    /// <param name="header">Makes the header: the board's own, or the simulated one.</param>
    /// <param name="isSafeMode">No driver is started and no pin touched.</param>
    public static IServiceCollection AddDevices(this IServiceCollection services, ConfigurationNode configuration, GatewayOptions gateway, Func<IServiceProvider, IHeader> header, bool isSafeMode) => services
        .AddSingleton(DevicesOptions.Read(configuration) with { IsSafeMode = isSafeMode })
        .AddSingleton(new GatewayThing(gateway.Name, gateway.DataFolder))
        .AddSingleton(header)
        .AddSingleton<MigrationSet>(DeviceStore.Migrations)
        .AddSingleton<DeviceStore>()
        .AddSingleton<DeviceBoard>()
        .AddSingleton<DeviceMessages>()
        .AddSingleton<DeviceSupervisor>()
        .AddSingleton<DeviceDiscovery>()
        .AddSingleton<IAdoption, Adoption>()
        .AddSingleton<IWiredDevices>(static provider => provider.GetRequiredService<DeviceSupervisor>())
        .AddSingleton<IComponentHealth>(static provider => provider.GetRequiredService<DeviceSupervisor>())
        .AddHostedService(static provider => provider.GetRequiredService<DeviceSupervisor>())
        .AddHostedService(static provider => provider.GetRequiredService<DeviceDiscovery>());
}
