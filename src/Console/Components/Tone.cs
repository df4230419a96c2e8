namespace EdgeGateway.Pages.Components;

/// <summary>How a state is to be taken; its name in lower case is the style's.</summary>
public enum Tone
{
    Neutral,
    Good,
    Warning,
    Bad,
}
