/** A wheel of the Python package index. */
export interface Wheel {
  readonly package: string;
  readonly version: string;
  readonly sha256: string;
}

/** What a build is made of. */
export interface WheelSet {
  /** TensorFlow's own, then CUDA's. */
  readonly wheels: readonly Wheel[];
  /** Of all of them, as pip names the systems that a wheel runs on. */
  readonly platforms: readonly string[];
  readonly bytes: number;
}

export const tensorflowVersion = '2.21.0';

/** The newest within the ranges of TensorFlow's extra `and-cuda` on 2026-11-25. */
const cuda: readonly Wheel[] = [
  {
    package: 'nvidia-cublas-cu12',
    version: '12.9.3.13',
    sha256: 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
  },
  {
    package: 'nvidia-cuda-cupti-cu12',
    version: '12.8.90',
    sha256: 'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182',
  },
  {
    package: 'nvidia-cuda-nvcc-cu12',
    version: '12.9.86',
    sha256: '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
  },
  {
    package: 'nvidia-cuda-nvrtc-cu12',
    version: '12.9.86',
    sha256: '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
  },
  {
    package: 'nvidia-cuda-runtime-cu12',
    version: '12.9.79',
    sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
  },
  {
    package: 'nvidia-cudnn-cu12',
    version: '9.28.0.42',
    sha256: '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
  },
  {
    package: 'nvidia-cufft-cu12',
    version: '11.4.1.4',
    sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
  },
  {
    package: 'nvidia-curand-cu12',
    version: '10.3.10.19',
    sha256: '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
  },
  {
    package: 'nvidia-cusolver-cu12',
    version: '11.7.5.82',
    sha256: '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
  },
  {
    package: 'nvidia-cusparse-cu12',
    version: '12.5.10.65',
    sha256: '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
  },
  {
    package: 'nvidia-nccl-cu12',
    version: '2.32.3',
    sha256: 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
  },
  {
    package: 'nvidia-nvjitlink-cu12',
    version: '12.9.86',
    sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
  },
];

/** Every wheel is known by its SHA-256, which was taken from the file itself: no other is unpacked. */
export const wheelSets: Readonly<Record<'cpu-x64' | 'cpu-arm64' | 'gpu-x64', WheelSet>> = {
  'cpu-x64': {
    wheels: [
      {
        package: 'tensorflow-cpu',
        version: tensorflowVersion,
        sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
      },
    ],
    platforms: ['manylinux_2_27_x86_64'],
    bytes: 273_829_956,
  },
  'cpu-arm64': {
    wheels: [
      {
        package: 'tensorflow', // there is no tensorflow-cpu for arm64; this one has no CUDA either
        version: tensorflowVersion,
        sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
      },
    ],
    platforms: ['manylinux_2_27_aarch64'],
    bytes: 281_828_020,
  },
  'gpu-x64': {
    wheels: [
      {
        package: 'tensorflow',
        version: tensorflowVersion,
        sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
      },
      ...cuda,
    ],
    platforms: ['manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
    bytes: 3_379_082_848,
  },
};
