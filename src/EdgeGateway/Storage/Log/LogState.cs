namespace EdgeGateway.Storage.Log;

public enum LogState
{
    Open,

    /// <summary>Disk or byte cap is full: new records are refused, those taken in wait; goes back to <see cref="Open"/> when there is room.</summary>
    Full,

    /// <summary>
    /// A write or sync failed. The kernel may have dropped the unwritten pages, so repeating the call proves nothing:
    /// no record is acknowledged from here on, until the process starts again and recovers what is really on the disk.
    /// </summary>
    Faulted,

    Closed,
}
