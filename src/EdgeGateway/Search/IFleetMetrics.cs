using EdgeGateway.Registry;

namespace EdgeGateway.Search;

/// <summary>Figures of the fleet, told on <c>$edge/fleet-metrics/NAME</c> at their interval.</summary>
public interface IFleetMetrics
{
    /// <summary>In order of their names.</summary>
    IReadOnlyList<FleetMetric> All { get; }

    /// <summary>What each metric said last, by the metric's name and the value's, such as <c>average</c>.</summary>
    IReadOnlyList<(string Metric, string Value, double Number)> Latest { get; }

    FleetMetric? Find(string name);

    /// <summary>Makes one, or puts another in the place of the one it was made from.</summary>
    /// <param name="metric">Version 1 for a new one; its times are set here.</param>
    /// <param name="expectedVersion">Null: whatever there is is replaced.</param>
    /// <param name="isNew">Refused if there is one with another configuration.</param>
    Task<RegistryResult<FleetMetric>> SaveAsync(FleetMetric metric, bool isNew, long? expectedVersion, CancellationToken cancellationToken);

    /// <summary>A missing one is no error.</summary>
    Task<RegistryResult<bool>> DeleteAsync(string name, long? expectedVersion, CancellationToken cancellationToken);
}
