using System.Globalization;
using System.Text;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A receiver that sends GGA, GSV and RMC every second while the line is open.</summary>
public sealed class SimulatedGps : IDisposable
{
    private readonly SimulatedUart _line;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public SimulatedGps(SimulatedUart line, TimeProvider time)
    {
        (_line, _time) = (line, time);
        _timer = time.CreateTimer(_ => Send(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public double Latitude { get; set; } = 48.1173;

    public double Longitude { get; set; } = 11.516667;

    public bool HasFix { get; set; } = true;

    public int Satellites { get; set; } = 8;

    /// <summary>Receiver's time less that of the time provider; -1024 weeks is the turn-over of old receivers.</summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>The receiver has no power.</summary>
    public bool IsSilent { get; set; }

    public void Dispose() => _timer.Dispose();

    /// <summary>A sentence with dollar, checksum and line end.</summary>
    public static byte[] Sentence(string body) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${body}*{Sums.Xor(Encoding.ASCII.GetBytes(body)):X2}\r\n"));

    private static string Angle(double degrees, int digits, char positive, char negative)
    {
        var size = Math.Abs(degrees);
        var whole = Math.Floor(size);
        var text = whole.ToString(new string('0', digits), CultureInfo.InvariantCulture) + ((size - whole) * 60).ToString("00.00000", CultureInfo.InvariantCulture);
        return $"{text},{(degrees < 0 ? negative : positive)}";
    }

    private void Send()
    {
        if (_line.Opened is null || IsSilent)
            return;
        var now = _time.GetUtcNow() + ClockOffset;
        var clock = now.ToString("HHmmss.ff", CultureInfo.InvariantCulture);
        var place = HasFix ? $"{Angle(Latitude, 2, 'N', 'S')},{Angle(Longitude, 3, 'E', 'W')}" : ",,,";
        var satellites = HasFix ? Satellites : 0;
        _line.Send(
        [
            .. Sentence(string.Create(CultureInfo.InvariantCulture, $"GNGGA,{clock},{place},{(HasFix ? 1 : 0)},{satellites:00},0.9,545.4,M,46.9,M,,")),
            .. Sentence("GPGSV,1,1,01,05,40,083,46"),
            .. Sentence($"GNRMC,{clock},{(HasFix ? 'A' : 'V')},{place},022.4,084.4,{now.ToString("ddMMyy", CultureInfo.InvariantCulture)},003.1,W"),
        ]);
    }
}
