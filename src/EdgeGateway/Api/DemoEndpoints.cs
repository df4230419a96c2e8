using EdgeGateway.Devices;
using EdgeGateway.Drivers.Simulation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>What may be done to the simulated room of <c>--demo</c>.</summary>
internal static class DemoEndpoints
{
    private static readonly TimeSpan ShortPress = TimeSpan.FromMilliseconds(300);

    public static void MapDemo(this IEndpointRouteBuilder routes)
    {
        var demo = routes.MapGroup("/edge/v1/demo").WithTags("Demo");
        demo.MapPost("/fault", Fault);
        demo.MapPost("/press", Press);
        demo.MapPost("/warm", Warm);
    }

    /// <summary>Breaks a device, or mends it with <c>replug</c>.</summary>
    private static Results<NoContent, ProblemHttpResult> Fault(DemoFaultRequest request, IWiredDevices devices, IServiceProvider services)
    {
        if (services.GetService<SimulatedRoom>() is not { } room)
            return NoDemo();
        var device = devices.Find(request.Device)?.Driver ?? request.Device;
        return room.Inject(device, request.Fault) ? TypedResults.NoContent() : Problems.BadRequest(
            SimulatedRoom.Faults.Contains(request.Fault)
                ? $"'{request.Device}' cannot be broken: name a device whose driver is {string.Join(", ", SimulatedRoom.FaultDevices)}"
                : $"'{request.Fault}' is no fault: name one of {string.Join(", ", SimulatedRoom.Faults)}");
    }

    /// <summary>Presses the button; <c>?seconds=1.5</c> holds it.</summary>
    private static Results<NoContent, ProblemHttpResult> Press(double? seconds, IServiceProvider services)
    {
        if (services.GetService<SimulatedRoom>() is not { } room)
            return NoDemo();
        if (seconds is { } held && !(held is > 0 and <= 60))
            return Problems.BadRequest("seconds is to be above 0 and at most 60");
        room.PressButton(seconds is { } time ? TimeSpan.FromSeconds(time) : ShortPress);
        return TypedResults.NoContent();
    }

    /// <summary>Sets the room's temperature; it goes on from there.</summary>
    private static Results<NoContent, ProblemHttpResult> Warm(double celsius, IServiceProvider services)
    {
        if (services.GetService<SimulatedRoom>() is not { } room)
            return NoDemo();
        if (!(celsius is >= -20 and <= 60))
            return Problems.BadRequest("celsius is to be -20 to 60");
        room.TemperatureCelsius = celsius;
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult NoDemo() => Problems.Conflict("this gateway has a real header: only one started with --demo can be broken on purpose");
}
