namespace Kpi.SamplePlatform.Servers;

/// <summary>What servers often fail to say when they fail: that the disk is full. A log that cannot be written says nothing.</summary>
internal static class DiskSpace
{
    // Below this a failure is most likely a full disk; the first start of a cluster alone takes more.
    private const long Little = 64L << 20;

    /// <summary>A line about the space of a folder's file system when there is little; else nothing.</summary>
    public static string Hint(string folder)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        return free > Little ? "" : $"\nno space left: {free >> 20} MB are free at {folder}";
    }
}
