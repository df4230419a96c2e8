using EdgeGateway.Drivers;

namespace EdgeGateway.Devices;

/// <summary>Passes on what an input says by itself: a button's presses, motion, a contact.</summary>
internal sealed class InputRunner(string name, IEventInput input, DeviceMessages messages, DeviceStatus status, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (true)
        {
            try
            {
                await foreach (var happened in input.ReadEventsAsync(stoppingToken))
                {
                    await messages.EventAsync(name, happened, stoppingToken);
                    pause = FirstPause;
                }
            }
            catch (DriverException ex)
            {
                await status.FailsAsync(ex.Message, stoppingToken);
            }
            await Task.Delay(pause, time, stoppingToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
