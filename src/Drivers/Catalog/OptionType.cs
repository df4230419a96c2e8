namespace EdgeGateway.Drivers;

public enum OptionType
{
    Text,

    /// <summary>Words of the choices, with commas between them.</summary>
    List,

    /// <summary>A whole number, decimal or 0x hexadecimal.</summary>
    Integer,
    Number,

    /// <summary><c>true</c>/<c>false</c>, also yes/no and on/off.</summary>
    Boolean,

    /// <summary>A duration such as <c>20ms</c>, <c>5s</c>, <c>10m</c>, <c>12h</c>, <c>7d</c>; its range is in seconds.</summary>
    Duration,
}
